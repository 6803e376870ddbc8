// Heads of any number of numbers, bound one by one.
// Not a module by itself: attention kernels include it.
override OF_HEAD: u32 = DIM; // elements of a head in what is bound
//#include "attention/heads"
