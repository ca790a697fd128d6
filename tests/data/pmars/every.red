;redcode-94
;name Every
;author Digital Red Queen
;strategy Waits. The rest is one line of every opcode, modifier and mode, which -f makes a number of.
;assert 1
jmp 0
dat.a   #11, $12
mov.b   @13, *14
add.ab  <15, {16
sub.ba  >17, }18
mul.f   #19, @20
div.x   $21, <22
mod.i   *23, >24
jmp.a   {25, #26
jmz.b   }27, $28
jmn.ab  @29, {30
djn.ba  <31, }32
spl.f   >33, *34
cmp.x   #35, }36
seq.i   $37, {38
sne.a   @39, >40
slt.b   *41, <42
ldp.ab  <43, @44
stp.ba  {45, #46
nop.f   }47, $48
