/* The loop of tests/corpus/src/flags_body.h with a cell where each of the four checks was: eight aligned bytes that hold one nop, as
 * the machine has it in running code. What a program with four keys that are off can at best cost. */
#define ON(f) ({ __asm__ volatile(".p2align 3\n.byte 0x0f,0x1f,0x84,0,0,0,0,0"); 0; })
#include "../../tests/corpus/src/perf.h"
BODY
{
	u32 a = 0, b = 0, c = 0, d = 0;
	for (int i = 0; i < PKT; i += 4) {
		u32 v = ld32(p + i);
		if (ON(f_trace))
			d += v;
		a += v;
		if (ON(f_stats))
			d ^= a;
		b ^= v >> 3;
		if (ON(f_drop))
			a ^= 0x5a5a;
		c += v & 0xff;
		if (ON(f_mirror))
			d += c;
	}
	return a + b * 3 + c * 5 + d * 7;
}
