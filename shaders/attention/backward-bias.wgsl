// attention/bias-gradient with heads of a multiple of 4 numbers, in fours.
//#include "attention/common"
//#include "attention/in-fours"
//#include "attention/read-in-fours" name="dy" at="0"
//#include "attention/read-in-fours" name="q" at="1"
//#include "attention/read-in-fours" name="k" at="2"
//#include "attention/read-in-fours" name="v" at="3"
//#include "attention/bias-gradient"
