// Heads of a multiple of 4 numbers, bound in fours.
// Not a module by itself: attention kernels include it.
override OF_HEAD: u32 = DIM / 4u; // elements of a head in what is bound
//#include "attention/heads"
