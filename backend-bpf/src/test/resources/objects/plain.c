// No types at all: what a compiler writes without -g. Functions of .text only.
// clang-22 --target=bpf -mcpu=v2 -O2 -fdebug-compilation-dir=. -c plain.c -o plain.o
unsigned long long mix(unsigned char *memory, unsigned long long length)
{
	unsigned long long hash = 14695981039346656037ull;
	for (unsigned long long i = 0; i < length && i < 64; i++)
		hash = (hash ^ memory[i]) * 1099511628211ull;
	return hash;
}
