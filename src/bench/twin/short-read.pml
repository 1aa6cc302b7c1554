/*
 * A direct read of N + 1 pages, the last of which is absent from the buffer. The submitter sends off N bios, each with a reference to the dio,
 * fails to pin the last page and drops its own reference. Whoever drops the last one completes: a submitter faults the page in and reads the
 * rest, a bio completes the request with what has been read. With FIX the submitter waits for the bios.
 * One statement is one step of short-read.ts, in the same order; what changes nothing here is a (true).
 *
 *   spin -DN=4 -DFIX=0 -a short-read.pml
 */
byte ref = 0;
/* Pages submitted, one a bio. */
byte size = 0;
bool wait_for_completion = false;
/* The last bio has woken the submitter. */
bool woken = false;
/* Pages that the request is completed with. */
byte result = 0;

inline submit() { ref++; size++ }

active proctype submitter()
{
	ref = 1;
	do
	:: d_step { (size < N - 1) -> submit() }
	:: d_step { (size == N - 1) -> submit() }; break
	od;
	(true); /* pin */
	wait_for_completion = FIX;
	if
	:: d_step { (ref == 1) -> ref-- }
	:: d_step { (ref > 1 && wait_for_completion) -> ref-- }; (woken)
	:: d_step { (ref > 1 && !wait_for_completion) -> ref-- }; goto end
	fi;
	(true); /* fault_in */
	d_step { result = size + 1; assert(result == N + 1) };
end:
	(false)
}

/* Process 0 is the submitter; bio k is there when k pages are submitted. */
active [N] proctype bio()
{
	(size >= _pid); /* dma */
	if
	:: d_step { (ref == 1 && !wait_for_completion) -> ref-- }
	:: d_step { (ref == 1 && wait_for_completion) -> ref--; woken = true }; goto end
	:: d_step { (ref > 1) -> ref-- }; goto end
	fi;
	d_step { result = size; assert(result == N + 1) };
end:
	(false)
}
