// Fields of map values that are the kernel's own, and maps of maps.
// clang-22 --target=bpf -mcpu=v3 -O2 -fdebug-compilation-dir=. -g -c fields.c -o fields.o
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name)))
#define TYPE_TAG(text) __attribute__((btf_type_tag(text)))
#define CONTAINS(text) __attribute__((btf_decl_tag("contains:" text)))
#define NUMBER(name, value) int (*name)[value]
#define TYPE(name, type) type *name

struct bpf_spin_lock {
	u32 val;
};
struct bpf_timer {
	u64 opaque[2];
};
struct bpf_list_head {
	u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_list_node {
	u64 opaque[3];
} __attribute__((aligned(8)));

struct task;

struct element {
	u64 data;
	struct bpf_list_node node;
};

struct inside {
	u32 pad;
	struct bpf_spin_lock lock;
};

struct value {
	u32 count;
	struct inside inside;
	struct bpf_timer timer;
	struct task TYPE_TAG("kptr") *task;
	struct task TYPE_TAG("kptr_untrusted") *seen[2];
	struct bpf_list_head head CONTAINS("element:node");
};

struct twice {
	struct bpf_spin_lock one;
	struct bpf_spin_lock two;
};

struct hash {
	NUMBER(type, 1);
	NUMBER(max_entries, 8);
	TYPE(key, u32);
	TYPE(value, struct value);
};

struct hash all SEC(".maps");

struct {
	NUMBER(type, 5);
	NUMBER(max_entries, 8);
	TYPE(key, u32);
	TYPE(value, struct value);
} percpu SEC(".maps");

struct {
	NUMBER(type, 1);
	NUMBER(max_entries, 8);
	TYPE(key, u32);
	TYPE(value, struct twice);
} refused SEC(".maps");

struct {
	NUMBER(type, 12);
	NUMBER(max_entries, 4);
	NUMBER(key_size, 4);
	struct hash *values[];
} outer SEC(".maps") = {.values = {[2] = &all}};

struct bpf_spin_lock guard SEC(".data.a");
struct bpf_list_head queue SEC(".data.a") CONTAINS("element:node");
struct element *unused;

static void *(*find)(void *map, const void *key) = (void *)1;

SEC("tc") int use(void *skb)
{
	u32 key = 1;
	void *inner = find(&outer, &key);
	return find(&all, &key) && find(&percpu, &key) && find(&refused, &key) && inner && find(inner, &key) && unused;
}

SEC("tc") int data(void *skb)
{
	return *(volatile int *)&guard;
}

char _license[] SEC("license") = "GPL";
