export const outcomeOf = (s: any): any => ({
  returns: Object.fromEntries(Object.entries(s.calls).map(([l, c]: any) => [l, c.returned])),
  size: s.inode.i_size,
  pos: s.files.fd.f_pos,
  layout: null,
  content: null,
  reads: null,
  log: null,
  console: [],
  after: JSON.stringify(s.ei.raw),
})
