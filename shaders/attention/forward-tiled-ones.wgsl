// attention/forward-tiles with heads of any number of numbers, one by one.
//#include "attention/common"
//#include "attention/in-ones"
//#include "attention/read-in-ones" name="q" at="0"
//#include "attention/read-in-ones" name="k" at="1"
//#include "attention/read-in-ones" name="v" at="2"
//#include "attention/stored-in-ones" name="y" at="4" as="storeY"
//#include "attention/across-workgroup"
//#include "attention/forward-tiles"
