// Four values along K of each of the eight rows: one for each invocation of a quad.
// Not a module by itself: matmul/quad-nn and matmul/quad-nt include it.
    let ka = k + quadLane;
    let a0 = a[aBase + r0 + ka];
    let a1 = a[aBase + r1 + ka];
    let a2 = a[aBase + r2 + ka];
    let a3 = a[aBase + r3 + ka];
    let a4 = a[aBase + r4 + ka];
    let a5 = a[aBase + r5 + ka];
    let a6 = a[aBase + r6 + ka];
    let a7 = a[aBase + r7 + ka];
