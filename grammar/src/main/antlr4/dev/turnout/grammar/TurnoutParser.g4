/*
 * The syntax of Turnout: which sequences of tokens are a file.
 *
 * How it is written. Nearly every choice is made by the next token alone, so that reading costs the same for every
 * program and an error is found where it is. Two things follow:
 *
 *  - An expression is a flat row of operands and operators (rule `binary`); which operator binds tighter is a table, not
 *    a ladder of rules. From the tightest to the weakest, all of them grouping to the left:
 *
 *        x.f  x(a)  x[i]  x?          suffixes
 *        -x  !x  ~x  *x  &x           prefixes
 *        *  /  %
 *        +  -
 *        <<  >>
 *        &
 *        ^
 *        |
 *        ==  !=  <  <=  >  >=         which do not chain: write `a < b && b < c`
 *        &&
 *        ||
 *        orelse
 *
 *    Unlike in C the bitwise operators bind tighter than comparisons: `flags & 1 == 0` means what it says.
 *
 *  - A few rules of the language are checked on the finished tree: the two `>` of a shift are adjacent, comparisons do
 *    not chain, the left side of an assignment is a place, an arm of a value switch does not assign, literals are well
 *    formed.
 *
 * Words in `id` are keywords only where a rule names them; every other quoted word is reserved.
 */
parser grammar TurnoutParser;

options { tokenVocab = TurnoutLexer; }

// ---- Files. -----------------------------------------------------------------------------------------------------

file     : ( importD | licenseD | item )* EOF ;
importD  : 'import' ( path | STRING ) ( 'as' id )? ';' ;
licenseD : 'license' STRING ';' ;

item    : attr* 'pub'? decl ;
attr    : '@' id ( '(' ( attrArg ( ',' attrArg )* ','? )? ')' )? ;
attrArg : ( id '=' )? expr ;

decl
    : 'const' id ( ':' type )? '=' expr ';'                                     # constD
    | 'config' id ':' type ( '=' expr )? ';'                                    # configD
    | 'var' id ':' type ( '=' expr )? ';'                                       # globalD
    | 'key' id ( ':' type )? '=' expr ';'                                       # keyD
    | 'alias' id '=' type ';'                                                   # aliasD
    | ( 'struct' | 'header' | 'kernel' 'struct' ) id '{' fields? '}'            # structD
    | 'open'? 'enum' id ( ':' type )? '{' ( variant ( ',' variant )* ','? )? '}' # enumD
    | 'map' id ':' type ( '=' rows )? ';'                                       # mapD
    | 'mutable'? 'table' id ':' '[' expr ']' type '=' rows ';'                  # tableD
    | 'fn' id params ( '->' type )? fails? block                                # fnD
    | 'extern' ( 'fn' | 'kfunc' ) id params ( '->' type )? ';'                  # externD
    | 'prog' path ( '(' STRING ')' )? id params '->' type fails? block          # progD
    | 'test' STRING block                                                       # testD
    ;

fields  : field ( ',' field )* ','? ;
field   : attr* id ':' type ;
variant : id ( '=' expr )? ;
params  : '(' ( param ( ',' param )* ','? )? ')' ;
param   : id ':' type ;
fails   : 'fails' ( '-'? atom | '.' id ) ;         // the constant that `?` returns
rows    : '{' ( row ( ',' row )* ','? )? '}' ;
row     : cases '=>' expr ;

// ---- Types. -----------------------------------------------------------------------------------------------------

type : typePrefix* ( named | fnType ) ;

typePrefix
    : '?'                                          // nullable
    | '*' 'const'?                                 // reference, never null
    | 'own'                                        // must be released exactly once
    | '[' ( expr ']' | ']' 'const'? )              // array `[16]u8`, `[Act]u64`; slice `[]const Action`
    ;

named  : path ( '<' type ( ',' type )* '>' )? ( '(' expr ')' )? ;  // u32, hash<K, V>(N)
fnType : 'fn' '(' ( type ( ',' type )* ','? )? ')' ( '->' type )? ;

// ---- Statements. ------------------------------------------------------------------------------------------------

block : '{' stmt* '}' ;

stmt
    : attr* control                                                             # controlS
    | 'if' hint? '(' cond ')' block elseIf* ( 'else' block )?                   # ifS
    | 'lock' '(' expr ')' block                                                 # lockS
    | 'tail' binary 'else' block                                                # tailS
    | 'defer' binary ';'                                                        # deferS
    | jump ';'                                                                  # jumpS
    | simple ';'                                                                # simpleS
    | block                                                                     # blockS
    ;

// What attributes may stand before.
control
    : 'let' id ( ':' type )? '=' expr orExit                                    # letC
    | 'var' id ( ':' type ( '=' expr orExit | ';' ) | '=' expr orExit )         # varC
    | ( id ':' )? 'switch' '(' expr ')' limit? arms exhausted?                  # switchC
    | ( id ':' )? 'while' '(' cond ')' limit? block exhausted?                  # whileC
    | ( id ':' )? 'for' '(' id 'in' binary '..' binary ')' limit? block exhausted? # forC
    | 'static_branch' hint? '(' path ')' block ( 'else' block )?                # branchC
    | 'static_switch' '(' path ')' arms                                         # staticC
    ;

elseIf    : 'else' 'if' hint? '(' cond ')' block ;
orExit    : ';' | 'else' ( block | jump ';' ) ;
cond      : 'let' id '=' expr | expr ;
hint      : 'likely' | 'unlikely' ;
limit     : 'limit' ( atom | '(' expr ')' ) ;
exhausted : 'exhausted' block ;
simple    : binary ( assignOp expr )? ;

jump
    : 'return' expr?                                                            # returnJ
    | 'break' ( ':' id )?                                                       # breakJ
    | 'continue' ( ':' id expr? )?                                              # continueJ
    | 'fallthrough'                                                             # fallthroughJ
    ;

assignOp : '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>=' ;

// ---- Arms. A comma ends an arm that is no block; behind a block, and at the end, it may be left out. -------------

arms    : '{' ( arm ( ',' arm )* ','? )? '}' ;
arm     : cases '=>' ( armBody | block arm? ) ;    // `arm?`: the next one, without a comma between
armBody : jump | choice | simple ;
cases   : 'else' | pattern ( ',' pattern )* ;
pattern : binary ( '..=' binary )? ;

// ---- Expressions. -----------------------------------------------------------------------------------------------

expr   : choice | binary ;

choice                                             // whole expressions: as operands they need parentheses
    : 'if' '(' cond ')' expr 'else' expr                                        # ifE
    | attr* 'switch' '(' expr ')' arms                                          # switchE
    ;

binary   : operand ( binaryOp operand )* ;
binaryOp : '*' | '/' | '%' | '+' | '-' | '<<' | '>' '>'? | '&' | '^' | '|'
         | '==' | '!=' | '<' | '<=' | '>=' | '&&' | '||' | 'orelse' ;

operand  : prefixOp* primary suffix* ;
prefixOp : '-' | '!' | '~' | '*' | '&' ;

suffix
    : '.' id                                                                    # fieldX
    | '(' args? ')'                                                             # callX
    | '[' expr ']'                                                              # indexX
    | '?'                                                                       # tryX
    ;
args : expr ( ',' expr )* ','? ;

primary
    : literal                                                                   # literalP
    | '.' id                                                                    # memberP
    | path structBody?                                                          # pathP
    | '[' ( expr ( ';' expr | ( ',' expr )* ','? ) )? ']'                       # arrayP
    | '(' expr ')'                                                              # parenP
    ;

structBody : '{' ( fieldInit ( ',' fieldInit )* ','? )? '}' ;
fieldInit  : id '=' expr ;

atom    : literal | path ;
literal : NUMBER | FRACTION | ADDRESS | STRING | CHAR | 'true' | 'false' | 'null' ;
path    : id ( '::' id )* ;

id  : ID | 'alias' | 'config' | 'fails' | 'header' | 'in' | 'kernel' | 'key' | 'kfunc' | 'license' | 'likely' | 'limit'
    | 'lock' | 'map' | 'mutable' | 'open' | 'prog' | 'table' | 'tail' | 'test' | 'unlikely' ;
