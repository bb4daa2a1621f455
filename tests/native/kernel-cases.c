/*
 * Repeats in a kernel what engines of Turnout did, with nothing but stock libbpf:
 *
 *   kernel-cases DIR     DIR/cases is a case file (dev.turnout.tests.kernel.CaseFile says what is in it), DIR/N.o are its objects
 *
 * Prints a line for each case that the kernel refuses, does otherwise, or cannot do to its end, then the counts, then "done"; and for each
 * case that does nothing but load, how many steps the verifier took over which program. A case is a process of its own, so that one which
 * hangs or dies takes no other with it.
 */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAME, REFUSED, DIFFERENT, STOPPED, DIED, ENDINGS };
static const char *const ENDING[ENDINGS] = { "alike", "refused", "different", "ended early", "died" };

enum { ETHERNET = 14, GROWTH = 4096, SECONDS_A_CASE = 600, XDP_DATA_END = 4, NO_TEST_RUN = 524 };
enum { LOG_BYTES = 16 << 20, LOG_LINES = 8 };

struct bytes {
	unsigned char *at;
	size_t size;
};

static struct bytes *frames;
static size_t frame_count;
static struct bpf_object *object;
static bool *is_refused; /* by number of the object */
static size_t objects_known;
static char *verifier_log;
static char complaint[1024];
static const char *title = "";
static unsigned step;

/* ---- text ---- */

static void *room(size_t size)
{
	void *at = calloc(1, size + 1);
	if (!at) {
		fputs("kernel-cases: out of memory\n", stderr);
		exit(DIED);
	}
	return at;
}

/* "." is no bytes, "@N" a frame. */
static struct bytes bytes_of(const char *text)
{
	struct bytes all = { 0 };
	if (*text == '@') {
		size_t number = strtoul(text + 1, NULL, 10);
		return number < frame_count ? frames[number] : all;
	}
	all.at = room(strlen(text) / 2);
	if (*text == '.')
		return all;
	for (; text[0] && text[1]; text += 2) {
		char digits[] = { text[0], text[1], 0 };
		all.at[all.size++] = (unsigned char)strtoul(digits, NULL, 16);
	}
	return all;
}

static char *hex(const unsigned char *at, size_t size)
{
	char *text = room(2 * size + 1);
	if (!size)
		strcpy(text, ".");
	for (size_t i = 0; i < size; i++)
		sprintf(text + 2 * i, "%02x", at[i]);
	return text;
}

static __attribute__((format(printf, 1, 2))) char *say(const char *form, ...)
{
	char *text = NULL;
	va_list all;
	va_start(all, form);
	if (vasprintf(&text, form, all) < 0)
		text = room(0);
	va_end(all);
	return text;
}

static bool same_word(const char *some, const char *all)
{
	if (!strcmp(some, "?"))
		return true;
	for (; *some && *all; some++, all++)
		if (*some != '?' && *some != *all)
			return false;
	return *some == *all;
}

/* Word by word; "?" stands for a digit or for a word, and at the end for all that follows. */
static bool agree(const char *asked, const char *answered)
{
	char *some = strdup(asked), *all = strdup(answered), *rest_of_some, *rest_of_all;
	char *a = strtok_r(some, " ", &rest_of_some), *b = strtok_r(all, " ", &rest_of_all);
	for (; a && b; a = strtok_r(NULL, " ", &rest_of_some), b = strtok_r(NULL, " ", &rest_of_all)) {
		if (!strcmp(a, "?") && !*rest_of_some)
			return true;
		if (!same_word(a, b))
			return false;
	}
	return !a && !b;
}

/* ---- endings ---- */

static __attribute__((noreturn)) void end(int ending, const char *what)
{
	printf("%s: %s: %s\n", ENDING[ending], title, what);
	fflush(stdout);
	_exit(ending);
}

static __attribute__((noreturn)) void differs(const char *line, const char *answer)
{
	/* Where a long answer differs is what is worth showing of it. */
	const char *asked = strstr(line, " = ") + 3;
	size_t at = 0;
	while (asked[at] && (asked[at] == answer[at] || asked[at] == '?'))
		at++;
	size_t from = at > 40 ? at - 40 : 0;
	bool beyond = from > strlen(answer);
	end(DIFFERENT, say("step %u: %.200s\n    from digit %zu on: %.120s\n    the kernel's: %.120s", step, line, from, asked + from,
			   beyond ? "" : answer + from));
}

/* ---- the object ---- */

static int keep_complaint(enum libbpf_print_level level, const char *form, va_list all)
{
	if (level == LIBBPF_WARN && !*complaint)
		vsnprintf(complaint, sizeof complaint, form, all);
	return 0;
}

static char *last_words(void)
{
	size_t length = strlen(verifier_log);
	int lines = 0;
	char *from = verifier_log + length;
	while (from > verifier_log && lines <= LOG_LINES)
		if (*--from == '\n')
			lines++;
	return say("%s\n%s", complaint, from);
}

static void load(const char *folder, const char *number)
{
	char *path = say("%s/%s.o", folder, number);
	LIBBPF_OPTS(bpf_object_open_opts, options, .kernel_log_buf = verifier_log, .kernel_log_size = LOG_BYTES);
	object = bpf_object__open_file(path, &options);
	if (!object)
		end(REFUSED, say("libbpf does not open it: %s", complaint));
	struct bpf_program *program;
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, true);
	if (bpf_object__load(object))
		end(REFUSED, last_words());
}

static void say_steps(void)
{
	struct bpf_program *program;
	bpf_object__for_each_program(program, object) {
		struct bpf_prog_info info = { 0 };
		__u32 size = sizeof info;
		if (!bpf_prog_get_info_by_fd(bpf_program__fd(program), &info, &size))
			printf("steps: %s: %s %u\n", title, bpf_program__name(program), info.verified_insns);
	}
	fflush(stdout);
}

static struct bpf_map *map_of(const char *name)
{
	return bpf_object__find_map_by_name(object, name);
}

static struct bpf_map *known_map(const char *name)
{
	struct bpf_map *map = map_of(name);
	if (!map)
		end(DIFFERENT, say("step %u: there is no map %s", step, name));
	return map;
}

/* ---- runs ---- */

static bool sees_network_header(enum bpf_prog_type type)
{
	switch (type) {
	case BPF_PROG_TYPE_SOCKET_FILTER:
	case BPF_PROG_TYPE_CGROUP_SKB:
	case BPF_PROG_TYPE_LWT_IN:
	case BPF_PROG_TYPE_LWT_OUT:
	case BPF_PROG_TYPE_LWT_XMIT:
	case BPF_PROG_TYPE_LWT_SEG6LOCAL:
		return true;
	default:
		return false;
	}
}

static char *run(char *name, char *packet_text, char *context_text, const char *asked)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, name);
	if (!program)
		end(DIFFERENT, say("step %u: there is no program %s", step, name));
	enum bpf_prog_type type = bpf_program__type(program);
	bool bare = type == BPF_PROG_TYPE_RAW_TRACEPOINT || type == BPF_PROG_TYPE_SYSCALL;
	bool has_packet = strcmp(packet_text, "-");
	struct bytes packet = { 0 }, context = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, run);
	size_t most = 0;
	unsigned char *left = NULL, *given = NULL;
	if (has_packet) {
		packet = bytes_of(packet_text);
		if (packet.size < ETHERNET) {
			if (!strcmp(asked, "!"))
				return strdup("!");
			end(STOPPED, "a frame without an Ethernet header");
		}
		most = packet.size + GROWTH;
		left = room(most);
		run.data_in = packet.at;
		run.data_size_in = packet.size;
		run.data_out = left;
		run.data_size_out = most;
	}
	if (!bare)
		run.repeat = 1;
	if (strcmp(context_text, "-")) {
		context = bytes_of(context_text);
		given = room(context.size);
		memcpy(given, context.at, context.size);
		if (type == BPF_PROG_TYPE_XDP && context.size >= 8 && !*(unsigned *)(given + XDP_DATA_END))
			*(unsigned *)(given + XDP_DATA_END) = packet.size;
		run.ctx_in = given;
		run.ctx_size_in = context.size;
		if (!bare) {
			run.ctx_out = given;
			run.ctx_size_out = context.size;
		}
	}
	if (bpf_prog_test_run_opts(bpf_program__fd(program), &run)) {
		int error = errno;
		if (error == NO_TEST_RUN)
			end(STOPPED, say("no test run of programs of section %s", bpf_program__section_name(program)));
		if (error == EINVAL && strcmp(asked, "!"))
			end(STOPPED, say("step %u: the test run of %s takes no such input", step, name));
		return strcmp(asked, "!") ? say("error %d", error) : strdup("!");
	}
	bool unchanged;
	char *after;
	if (has_packet) {
		size_t begin = sees_network_header(type) ? ETHERNET : 0;
		size_t size = run.data_size_out > most ? most : run.data_size_out;
		begin = begin > size ? size : begin;
		unchanged = size - begin == packet.size && !memcmp(left + begin, packet.at, packet.size);
		after = hex(left + begin, size - begin);
	} else {
		unchanged = !context.size || !memcmp(given, context.at, context.size);
		after = hex(given, context.size);
	}
	return say("%d %s", (int)run.retval, unchanged ? "=" : after);
}

/* ---- maps ---- */

static bool per_cpu(const struct bpf_map *map)
{
	switch (bpf_map__type(map)) {
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
		return true;
	default:
		return false;
	}
}

static bool has_keys(const struct bpf_map *map)
{
	switch (bpf_map__type(map)) {
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
	case BPF_MAP_TYPE_BLOOM_FILTER:
	case BPF_MAP_TYPE_RINGBUF:
		return false;
	default:
		return true;
	}
}

/* Of a map that has a value for each CPU all of them, that of the first one in front. */
static size_t value_room(const struct bpf_map *map)
{
	size_t one = bpf_map__value_size(map);
	return per_cpu(map) ? (one + 7) / 8 * 8 * (size_t)libbpf_num_possible_cpus() : one;
}

static char *number(int result)
{
	return say("%d", result < 0 ? -errno : result);
}

static char *update(char *name, char *key, char *value, char *flags)
{
	struct bpf_map *map = known_map(name);
	struct bytes k = bytes_of(key), v = bytes_of(value);
	unsigned char *all = room(value_room(map) + v.size);
	if (per_cpu(map))
		bpf_map_lookup_elem(bpf_map__fd(map), k.at, all);
	memcpy(all, v.at, v.size);
	int result = bpf_map_update_elem(bpf_map__fd(map), k.at, all, strtoull(flags, NULL, 10));
	enum bpf_map_type type = bpf_map__type(map);
	bool of_the_machine = type == BPF_MAP_TYPE_DEVMAP || type == BPF_MAP_TYPE_DEVMAP_HASH || type == BPF_MAP_TYPE_CPUMAP;
	if (result < 0 && errno == EINVAL && of_the_machine)
		end(STOPPED, say("the machine has none of what goes into map %s", name));
	return number(result);
}

static char *lookup(char *name, char *key)
{
	struct bpf_map *map = known_map(name);
	unsigned char *value = room(value_room(map));
	return bpf_map_lookup_elem(bpf_map__fd(map), bytes_of(key).at, value) ? strdup("-") :
										hex(value, bpf_map__value_size(map));
}

static char *next_value(char *name, bool stays)
{
	struct bpf_map *map = known_map(name);
	unsigned char *value = room(value_room(map));
	int result = stays ? bpf_map_lookup_elem(bpf_map__fd(map), NULL, value) :
			     bpf_map_lookup_and_delete_elem(bpf_map__fd(map), NULL, value);
	return result ? strdup("-") : hex(value, bpf_map__value_size(map));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* KEY:VALUE of all entries, in the order of their text; of arrays those that are not zero. */
static char *contents(char *name)
{
	struct bpf_map *map = known_map(name);
	size_t size = bpf_map__value_size(map), count = 0, most = 16;
	bool indexed = bpf_map__type(map) == BPF_MAP_TYPE_ARRAY || bpf_map__type(map) == BPF_MAP_TYPE_PERCPU_ARRAY;
	unsigned char *key = room(bpf_map__key_size(map)), *next = room(bpf_map__key_size(map)), *previous = NULL;
	unsigned char *value = room(value_room(map));
	char **all = room(most * sizeof *all);
	while (!bpf_map_get_next_key(bpf_map__fd(map), previous, next)) {
		memcpy(key, next, bpf_map__key_size(map));
		previous = key;
		if (bpf_map_lookup_elem(bpf_map__fd(map), key, value))
			continue;
		bool zero = true;
		for (size_t i = 0; i < size; i++)
			zero &= !value[i];
		if (indexed && zero)
			continue;
		if (count == most)
			all = realloc(all, (most *= 2) * sizeof *all);
		all[count++] = say("%s:%s", hex(key, bpf_map__key_size(map)), hex(value, size));
	}
	if (!count)
		return strdup("-");
	qsort(all, count, sizeof *all, by_text);
	char *text;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s%s", i ? " " : "", all[i]);
	fclose(out);
	return text;
}

static char *entries(char *name)
{
	struct bpf_map *map = known_map(name);
	if (!has_keys(map))
		end(STOPPED, say("the kernel does not say how many values map %s holds", name));
	unsigned char *key = room(bpf_map__key_size(map)), *next = room(bpf_map__key_size(map)), *previous = NULL;
	int count = 0;
	while (!bpf_map_get_next_key(bpf_map__fd(map), previous, next)) {
		memcpy(key, next, bpf_map__key_size(map));
		previous = key;
		count++;
	}
	return say("%d", count);
}

static char *section(char *name)
{
	struct bpf_map *map = map_of(name);
	unsigned first = 0;
	if (!map)
		return strdup("-");
	unsigned char *value = room(bpf_map__value_size(map));
	return bpf_map_lookup_elem(bpf_map__fd(map), &first, value) ? number(-1) : hex(value, bpf_map__value_size(map));
}

static char *write_section(char *name, char *text)
{
	struct bpf_map *map = map_of(name);
	unsigned first = 0;
	struct bytes all = bytes_of(text);
	if (map && all.size != bpf_map__value_size(map))
		return say("section %s has %u bytes", name, bpf_map__value_size(map));
	return map ? number(bpf_map_update_elem(bpf_map__fd(map), &first, all.at, 0)) : strdup("0");
}

/* ---- ring buffers: the pages that the kernel shares; a record is a head of 8 bytes, then its bytes, rounded up to 8 ---- */

enum { RECORD_HEAD = 8 };

/* Counts the finished records, or takes the first one. */
static char *records(char *name, bool take)
{
	struct bpf_map *map = known_map(name);
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size = bpf_map__max_entries(map);
	unsigned long *consumed = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	unsigned char *produced = mmap(NULL, page + 2 * size, PROT_READ, MAP_SHARED, bpf_map__fd(map), page);
	if (consumed == MAP_FAILED || produced == MAP_FAILED)
		return number(-1);
	char *answer = NULL;
	int count = 0;
	unsigned long at = __atomic_load_n(consumed, __ATOMIC_ACQUIRE);
	unsigned long to = __atomic_load_n((unsigned long *)produced, __ATOMIC_ACQUIRE);
	while (at < to && !answer) {
		unsigned *head = (unsigned *)(produced + page + at % size);
		unsigned length = __atomic_load_n(head, __ATOMIC_ACQUIRE);
		if (length & BPF_RINGBUF_BUSY_BIT)
			break;
		bool discarded = length & BPF_RINGBUF_DISCARD_BIT;
		length &= ~BPF_RINGBUF_DISCARD_BIT;
		at += (length + RECORD_HEAD + 7) / 8 * 8;
		if (discarded)
			continue;
		count++;
		if (take)
			answer = hex((unsigned char *)head + RECORD_HEAD, length);
	}
	if (take)
		__atomic_store_n(consumed, at, __ATOMIC_RELEASE);
	munmap(consumed, page);
	munmap(produced, page + 2 * size);
	return take ? (answer ? answer : strdup("-")) : say("%d", count);
}

/* ---- cases ---- */

static void carry_out(const char *line)
{
	char *call = strdup(line), *equals = strstr(call, " = ");
	if (!equals)
		end(DIED, say("no such line in a case file: %s", line));
	*equals = 0;
	char *asked = equals + 3, *word[6] = { "", "", "", "", "", "" }, *rest;
	int words = 0;
	for (char *one = strtok_r(call, " ", &rest); one && words < 6; one = strtok_r(NULL, " ", &rest))
		word[words++] = one;
	const char *verb = word[0];
	char *answer;
	if (!strcmp(verb, "run"))
		answer = run(word[1], word[2], word[3], asked);
	else if (!strcmp(verb, "update"))
		answer = update(word[1], word[2], word[3], word[4]);
	else if (!strcmp(verb, "delete"))
		answer = number(bpf_map_delete_elem(bpf_map__fd(known_map(word[1])), bytes_of(word[2]).at));
	else if (!strcmp(verb, "push"))
		answer = number(bpf_map_update_elem(bpf_map__fd(known_map(word[1])), NULL, bytes_of(word[2]).at,
						    strtoull(word[3], NULL, 10)));
	else if (!strcmp(verb, "lookup"))
		answer = lookup(word[1], word[2]);
	else if (!strcmp(verb, "pop") || !strcmp(verb, "peek"))
		answer = next_value(word[1], !strcmp(verb, "peek"));
	else if (!strcmp(verb, "holds"))
		answer = say("%d", !bpf_map_lookup_elem(bpf_map__fd(known_map(word[1])), NULL, bytes_of(word[2]).at));
	else if (!strcmp(verb, "entries"))
		answer = entries(word[1]);
	else if (!strcmp(verb, "events") || !strcmp(verb, "next"))
		answer = records(word[1], !strcmp(verb, "next"));
	else if (!strcmp(verb, "data"))
		/* A section that no program uses is there all the same for libbpf. */
		answer = strcmp(asked, "-") ? section(word[1]) : strdup("-");
	else if (!strcmp(verb, "write"))
		answer = write_section(word[1], word[2]);
	else if (!strcmp(verb, "contents"))
		answer = contents(word[1]);
	else
		end(DIED, say("no such line in a case file: %s", line));
	if (!agree(asked, answer))
		differs(line, answer);
	free(call);
}

/* The number of a case's object, which its first line names. */
static size_t object_of(char **lines, size_t count)
{
	return count && !strncmp(lines[0], "object ", 7) ? strtoul(lines[0] + 7, NULL, 10) : 0;
}

static bool known_to_be_refused(size_t number)
{
	return number < objects_known && is_refused[number];
}

static void now_refused(size_t number)
{
	if (number >= objects_known) {
		is_refused = realloc(is_refused, number + 1);
		memset(is_refused + objects_known, 0, number + 1 - objects_known);
		objects_known = number + 1;
	}
	is_refused[number] = true;
}

/* In a process of its own, which never returns. */
static void repeat(const char *folder, char **lines, size_t count)
{
	cpu_set_t first;
	CPU_ZERO(&first);
	CPU_SET(0, &first);
	sched_setaffinity(0, sizeof first, &first);
	alarm(SECONDS_A_CASE);
	verifier_log = room(LOG_BYTES);
	for (size_t i = 0; i < count; i++) {
		if (!strncmp(lines[i], "object ", 7)) {
			load(folder, lines[i] + 7);
			if (count == 1)
				say_steps();
		} else {
			step++;
			carry_out(lines[i]);
		}
	}
	_exit(SAME);
}

static int in_a_process(const char *folder, char **lines, size_t count)
{
	fflush(stdout);
	pid_t child = fork();
	if (!child)
		repeat(folder, lines, count);
	int status = 0;
	waitpid(child, &status, 0);
	if (WIFSIGNALED(status))
		printf("died: %s: by signal %d\n", title, WTERMSIG(status));
	return WIFEXITED(status) && WEXITSTATUS(status) < ENDINGS ? WEXITSTATUS(status) : DIED;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fputs("kernel-cases DIR\n", stderr);
		return 2;
	}
	char *path = say("%s/cases", argv[1]), *line = NULL, **lines = NULL;
	FILE *cases = fopen(path, "r");
	if (!cases) {
		perror(path);
		return 2;
	}
	struct rlimit endless = { RLIM_INFINITY, RLIM_INFINITY };
	setrlimit(RLIMIT_MEMLOCK, &endless);
	libbpf_set_print(keep_complaint);
	size_t room_of_line = 0, line_count = 0, most = 0;
	unsigned long endings[ENDINGS] = { 0 };
	ssize_t length;
	while ((length = getline(&line, &room_of_line, cases)) > 0) {
		line[strcspn(line, "\n")] = 0;
		if (!strncmp(line, "frame ", 6)) {
			frames = realloc(frames, (frame_count + 1) * sizeof *frames);
			frames[frame_count++] = bytes_of(line + 6);
		} else if (!strncmp(line, "case ", 5)) {
			title = strdup(line + 5);
			line_count = 0;
		} else if (strcmp(line, "end")) {
			if (line_count == most)
				lines = realloc(lines, (most = most ? 2 * most : 64) * sizeof *lines);
			lines[line_count++] = strdup(line);
		} else {
			/* Once refused, always refused, and a refusal may take minutes. */
			size_t number = object_of(lines, line_count);
			int ending = known_to_be_refused(number) ? REFUSED : in_a_process(argv[1], lines, line_count);
			if (ending == REFUSED)
				now_refused(number);
			endings[ending]++;
			while (line_count > 0)
				free(lines[--line_count]);
		}
	}
	struct utsname system;
	uname(&system);
	printf("Linux %s, libbpf %u.%u:", system.release, libbpf_major_version(), libbpf_minor_version());
	for (int i = 0; i < ENDINGS; i++)
		printf("%s %lu %s", i ? "," : "", endings[i], ENDING[i]);
	printf("\ndone\n");
	return endings[REFUSED] || endings[DIFFERENT] || endings[DIED] ? 1 : 0;
}
