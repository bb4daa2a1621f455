/* The loop around native code: as that of an engine, so that no call from elsewhere is timed. */
typedef unsigned long long u64;

__attribute__((visibility("default"))) u64 repeat(u64 (*run)(const void *, u64), const void *memory, u64 length, u64 times)
{
	u64 result = 0;
	while (times--)
		result = run(memory, length);
	return result;
}
