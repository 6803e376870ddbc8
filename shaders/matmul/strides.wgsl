// Where the operands of a product lie: a[i, k] and b[k, j] by strides, so any transposition will do.
override K: u32 = 5u;
override A_BATCH: u32 = 0u;    // elements from one batch entry of a to the next
override A_ROW: u32 = 5u;      // elements from a[i, k] to a[i + 1, k]
override A_K: u32 = 1u;        // elements from a[i, k] to a[i, k + 1]
override B_BATCH: u32 = 0u;
override B_K: u32 = 5u;        // elements from b[k, j] to b[k + 1, j]
override B_COLUMN: u32 = 1u;   // elements from b[k, j] to b[k, j + 1]
