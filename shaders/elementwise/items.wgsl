// Walking over independent items with workgroups of 256: invocation `lane` of a workgroup takes the items
// itemOf(..., 0) .. itemOf(..., perThread - 1), those below `count`. Neighbours take neighbouring items.
// Workgroups come in two dimensions, since one holds at most 65535.
override count: u32 = 1u;
override perThread: u32 = 1u;

fn itemOf(group: vec3<u32>, groups: vec3<u32>, lane: u32, k: u32) -> u32 {
  return ((group.y * groups.x + group.x) * perThread + k) * 256u + lane;
}
