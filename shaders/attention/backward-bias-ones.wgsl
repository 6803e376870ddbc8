// attention/bias-gradient with heads of any number of numbers, one by one.
//#include "attention/common"
//#include "attention/in-ones"
//#include "attention/read-in-ones" name="dy" at="0"
//#include "attention/read-in-ones" name="q" at="1"
//#include "attention/read-in-ones" name="k" at="2"
//#include "attention/read-in-ones" name="v" at="3"
//#include "attention/bias-gradient"
