/* The frame of the C twins: one packet of PKT bytes in, a number out, which goes into a global variable. The ports in
 * Turnout beside them do the same, so that both compilers are given the same job. */
#pragma once
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef int s32;
#define INLINE static inline __attribute__((always_inline))
#define PKT 1408
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define BODY INLINE u32 body(const u8 *p, const u8 *end)

INLINE u32 ld32(const u8 *p) { return *(const u32 *)p; }
INLINE u16 ld16(const u8 *p) { return *(const u16 *)p; }
INLINE u32 rol32(u32 x, int k) { return x << k | x >> (32 - k); }

/* R256(F) = F(0), F(1), ... F(255) */
#define R4_(F, i) F(i), F((i) + 1), F((i) + 2), F((i) + 3)
#define R16_(F, i) R4_(F, i), R4_(F, (i) + 4), R4_(F, (i) + 8), R4_(F, (i) + 12)
#define R64_(F, i) R16_(F, i), R16_(F, (i) + 16), R16_(F, (i) + 32), R16_(F, (i) + 48)
#define R256(F) R64_(F, 0), R64_(F, 64), R64_(F, 128), R64_(F, 192)

BODY;

u32 result;

struct xdp_md { u32 data, data_end, data_meta, ifi, rxq, egress; };
__attribute__((section("xdp"), used)) int entry(struct xdp_md *c)
{
	const u8 *p = (const u8 *)(unsigned long)c->data;
	const u8 *end = (const u8 *)(unsigned long)c->data_end;
	if (p + PKT > end)
		return 1;
	result = body(p, end);
	return 2;
}
char _license[] __attribute__((section("license"), used)) = "GPL";
