// attention/forward-tiles with heads of a multiple of 4 numbers, in fours, where there are subgroups.
enable subgroups;
//#include "attention/common"
//#include "attention/in-fours"
//#include "attention/read-in-fours" name="q" at="0"
//#include "attention/read-in-fours" name="k" at="1"
//#include "attention/read-in-fours" name="v" at="2"
//#include "attention/stored-in-fours" name="y" at="4" as="storeY"
//#include "attention/across-subgroups"
//#include "attention/forward-tiles"
