// Where eight tokens begin that a workgroup owns; beyond the last one, the last.
// Not a module by itself: attention kernels include it.
let ${at}0 = ${scale}tokenAt(batch, size.${tokens}, min(${first} + 0u, size.${tokens} - 1u), head);
let ${at}1 = ${scale}tokenAt(batch, size.${tokens}, min(${first} + 1u, size.${tokens} - 1u), head);
let ${at}2 = ${scale}tokenAt(batch, size.${tokens}, min(${first} + 2u, size.${tokens} - 1u), head);
let ${at}3 = ${scale}tokenAt(batch, size.${tokens}, min(${first} + 3u, size.${tokens} - 1u), head);
let ${at}4 = ${scale}tokenAt(batch, size.${tokens}, min(${first} + 4u, size.${tokens} - 1u), head);
let ${at}5 = ${scale}tokenAt(batch, size.${tokens}, min(${first} + 5u, size.${tokens} - 1u), head);
let ${at}6 = ${scale}tokenAt(batch, size.${tokens}, min(${first} + 6u, size.${tokens} - 1u), head);
let ${at}7 = ${scale}tokenAt(batch, size.${tokens}, min(${first} + 7u, size.${tokens} - 1u), head);
