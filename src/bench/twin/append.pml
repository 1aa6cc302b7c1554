/*
 * N identical tasks append to one file: an append takes the lock, reads i_size, raises it, finds its buffer absent, and tries again once the
 * buffer is there. With FIX 0 it drops the lock before that, so its second attempt begins at the i_size which its first one raised. With FIX 1
 * it keeps the lock; with FIX 2 it drops the lock but does not read i_size again.
 * One statement is one step of append.ts, in the same order; what changes nothing here is a (true).
 *
 *   spin -DN=4 -DFIX=0 -a append.pml
 */
#define LEN 1
#define FREE 255

byte owner = FREE;
byte i_size = 0;
byte finished = 0;

active [N] proctype write()
{
	bool resident = false;
	byte pos = 0;

lock:
	if
	:: d_step { (owner == FREE) -> owner = _pid }
	fi;
	pos = (FIX == 2 && resident -> pos : i_size);
nofault:
	(true);
	(true); /* reserve */
	i_size = (pos + LEN > i_size -> pos + LEN : i_size);
	if
	:: resident -> goto submit
	:: !resident
	fi;
	(true); /* cancel */
#if FIX == 1
	resident = true;
	goto nofault;
#else
	owner = FREE;
	(true); /* fault_on */
	resident = true;
	goto lock;
#endif
submit:
	(true);
	(true); /* dma */
	owner = FREE;
	/* Whoever is last looks at the file. */
	d_step { finished++; assert(finished < N || i_size == N * LEN) };
	/* Stays here: the end of a process would be a step of its own. */
end:
	(false)
}
