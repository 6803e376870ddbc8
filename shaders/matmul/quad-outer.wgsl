// One place along K, ${k}: eight values of a that lie side by side, two for each invocation of a quad, times four of b.
// Not a module by itself: matmul/quad-tn includes it.
    {
      let low = a[aLow + (${k}) * count];
      let high = a[aHigh + (${k}) * count];
      let bk = b[bBase + (${k}) * (N / 4u)];
      s0 += quadBroadcast(low, 0u) * bk;
      s1 += quadBroadcast(low, 1u) * bk;
      s2 += quadBroadcast(low, 2u) * bk;
      s3 += quadBroadcast(low, 3u) * bk;
      s4 += quadBroadcast(high, 0u) * bk;
      s5 += quadBroadcast(high, 1u) * bk;
      s6 += quadBroadcast(high, 2u) * bk;
      s7 += quadBroadcast(high, 3u) * bk;
    }
