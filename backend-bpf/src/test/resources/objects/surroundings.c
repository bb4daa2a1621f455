// What a program wants of the kernel and says of itself: functions and variables of the kernel, a value of its configuration, a structure of
// operations, the types of a global function, a function of hidden visibility.
// clang-22 --target=bpf -mcpu=v3 -O2 -fdebug-compilation-dir=. -g -c surroundings.c -o surroundings.o
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name)))
#define TAG(text) __attribute__((btf_decl_tag(text)))
#define NOINLINE __attribute__((noinline))

struct task;
extern struct task *take___of_old(int pid) SEC(".ksyms");
extern void leave(struct task *task) __attribute__((weak)) SEC(".ksyms");
extern const int counter SEC(".ksyms");
extern const void somewhere __attribute__((weak)) SEC(".ksyms");
extern int CONFIG_HZ SEC(".kconfig");
extern _Bool CONFIG_IPV6 __attribute__((weak)) SEC(".kconfig");

struct packet {
	u32 length;
	u32 hash;
};

NOINLINE int score(void *ctx TAG("arg:ctx"), struct packet *packet TAG("arg:nonnull"), long round)
{
	return packet->length * CONFIG_HZ + round + (CONFIG_IPV6 ? 1 : 0);
}

__attribute__((visibility("hidden"))) NOINLINE int quiet(int x)
{
	asm volatile("" ::: "memory");
	return x * 31;
}

SEC("tc") int one(void *skb)
{
	struct packet packet = {3, 4};
	struct task *task = take___of_old(1);
	if (task && leave)
		leave(task);
	return score(skb, &packet, quiet(7)) + *(volatile int *)&counter + (&somewhere != 0);
}

SEC("lsm.s/file_open") int gate(u64 *ctx)
{
	return 0;
}

struct fan_ops {
	int speed;
	int (*start)(u64 *ctx);
	void (*stop)(u64 *ctx);
};

SEC("struct_ops") int begin(u64 *ctx)
{
	return 0;
}

SEC("struct_ops/stop") void end(u64 *ctx)
{
}

SEC(".struct_ops.link") struct fan_ops fan = {.speed = 2, .start = (void *)begin, .stop = (void *)end};

char _license[] SEC("license") = "GPL";
