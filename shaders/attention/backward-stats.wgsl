// attention/stats with heads of a multiple of 4 numbers, in fours.
//#include "attention/common"
//#include "attention/in-fours"
//#include "attention/read-in-fours" name="dy" at="0"
//#include "attention/read-in-fours" name="y" at="1"
//#include "attention/stats"
