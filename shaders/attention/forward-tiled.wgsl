// attention/forward-tiles with heads of a multiple of 4 numbers, in fours.
//#include "attention/common"
//#include "attention/in-fours"
//#include "attention/read-in-fours" name="q" at="0"
//#include "attention/read-in-fours" name="k" at="1"
//#include "attention/read-in-fours" name="v" at="2"
//#include "attention/stored-in-fours" name="y" at="4" as="storeY"
//#include "attention/across-workgroup"
//#include "attention/forward-tiles"
