// A kernel's types, for fit.c.
// clang-22 --target=bpf -mcpu=v3 -O2 -fdebug-compilation-dir=. -g -c fitkernel.c -o fitkernel.o
typedef unsigned int u32;
typedef unsigned short u16;
typedef unsigned long long u64;

struct inner {
	u64 more;
	u32 second;
	u32 first;
};

struct task {
	u64 before;
	union {
		struct {
			u32 id;
			struct inner inner;
		};
		u64 other;
	};
	u16 small;
};

enum state {
	ASLEEP,
	IDLE = 5,
	BUSY = 7,
};

struct task task;
enum state state;
