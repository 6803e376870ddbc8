// One place along K, the ${lane}th of four: what the quad's invocation of that number has of each row, times four of b.
// Not a module by itself: matmul/quad-nn and matmul/quad-nt include it.
    {
      let bk = ${columns};
      s0 += quadBroadcast(a0, ${lane}u) * bk;
      s1 += quadBroadcast(a1, ${lane}u) * bk;
      s2 += quadBroadcast(a2, ${lane}u) * bk;
      s3 += quadBroadcast(a3, ${lane}u) * bk;
      s4 += quadBroadcast(a4, ${lane}u) * bk;
      s5 += quadBroadcast(a5, ${lane}u) * bk;
      s6 += quadBroadcast(a6, ${lane}u) * bk;
      s7 += quadBroadcast(a7, ${lane}u) * bk;
    }
