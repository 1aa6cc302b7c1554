// lost-prefix: does an O_DIRECT write from a buffer that is only in part in the page table keep that part?
//
//     gcc -Wall -O2 -o lost-prefix lost-prefix.c
//     ./lost-prefix FILE [LENGTH [PRESENT]]
//
// FILE is created, or truncated. LENGTH bytes (65536) are written at 0 with one pwrite() from a mapping of which the first
// PRESENT bytes (16384) were touched; both are multiples of 4096. Then the file is read back without the page cache.
//
// Exit status: 0 what was written is there, 1 it is not, 2 the test could not be made.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { page = 4096, fill = 0xab };

static void die(const char *what)
{
	fprintf(stderr, "lost-prefix: %s: %s\n", what, strerror(errno));
	exit(2);
}

static size_t number(const char *text, const char *name)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (*text == '\0' || *end != '\0' || value == 0 || value % page != 0 || value > 1UL << 30) {
		fprintf(stderr, "lost-prefix: %s is to be a multiple of 4096 up to 1 GiB, not \"%s\"\n", name, text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	size_t length, present, at, from;
	unsigned char *filled, *source, *back;
	ssize_t wrote, got;
	int memory, fd, bad = 0;

	if (argc < 2 || argc > 4) {
		fprintf(stderr, "usage: lost-prefix FILE [LENGTH [PRESENT]]\n");
		return 2;
	}
	length = argc > 2 ? number(argv[2], "LENGTH") : 65536;
	present = argc > 3 ? number(argv[3], "PRESENT") : 16384;
	if (present >= length) {
		fprintf(stderr, "lost-prefix: PRESENT is to be less than LENGTH\n");
		return 2;
	}

	memory = memfd_create("lost-prefix", 0);
	if (memory < 0 || ftruncate(memory, length) < 0)
		die("memfd");
	filled = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	source = mmap(NULL, length, PROT_READ, MAP_SHARED, memory, 0);
	if (filled == MAP_FAILED || source == MAP_FAILED || posix_memalign((void **)&back, page, length) != 0)
		die("memory");
	memset(filled, fill, length);
	// Faulting a page in must not bring its neighbours.
	if (madvise(source, length, MADV_RANDOM) < 0)
		die("madvise");
	for (at = 0; at < present; at += page)
		(void)*(volatile unsigned char *)(source + at);

	fd = open(argv[1], O_CREAT | O_TRUNC | O_RDWR | O_DIRECT, 0644);
	if (fd < 0)
		die(argv[1]);
	wrote = pwrite(fd, source, length, 0);
	if (wrote < 0)
		die("pwrite");
	got = pread(fd, back, length, 0);
	if (got < 0)
		die("pread");
	printf("pwrite() returned %zd, pread() %zd of %zu; %zu bytes of the buffer were present\n", wrote, got, length, present);
	for (at = 0; at < (size_t)wrote; at = from) {
		int byte = at < (size_t)got ? back[at] : -1;

		for (from = at; from < (size_t)wrote && (from < (size_t)got ? back[from] : -1) == byte; from++)
			;
		if (byte < 0)
			printf("[%zu, %zu) is past the end of the file\n", at, from);
		else
			printf("[%zu, %zu) is 0x%02x\n", at, from, byte);
		bad |= byte != fill;
	}
	printf(bad ? "BAD: write() counted bytes that are not there\n" : "ok\n");
	return bad;
}
