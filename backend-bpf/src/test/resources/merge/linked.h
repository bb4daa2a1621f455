#define SEC(name) __attribute__((section(name)))

struct __sk_buff {
	unsigned int len;
};

typedef struct {
	int (*type)[2];
	int (*max_entries)[4];
	unsigned int *key;
	unsigned long *value;
} totals_t;

static void *(*bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;
