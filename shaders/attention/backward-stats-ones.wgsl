// attention/stats with heads of any number of numbers, one by one.
//#include "attention/common"
//#include "attention/in-ones"
//#include "attention/read-in-ones" name="dy" at="0"
//#include "attention/read-in-ones" name="y" at="1"
//#include "attention/stats"
