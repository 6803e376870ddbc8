// attention/forward-tiles with heads of any number of numbers, one by one, where there are subgroups.
enable subgroups;
//#include "attention/common"
//#include "attention/in-ones"
//#include "attention/read-in-ones" name="q" at="0"
//#include "attention/read-in-ones" name="k" at="1"
//#include "attention/read-in-ones" name="v" at="2"
//#include "attention/stored-in-ones" name="y" at="4" as="storeY"
//#include "attention/across-subgroups"
//#include "attention/forward-tiles"
