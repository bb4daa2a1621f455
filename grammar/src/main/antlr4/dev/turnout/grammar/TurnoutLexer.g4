/*
 * The tokens of Turnout.
 *
 * Every text can be cut into tokens: what is wrong (a string without an end, a character that nothing begins with) is a
 * token too, so that the reader of the tokens can say so in words and go on.
 */
lexer grammar TurnoutLexer;

// ---- Words. -----------------------------------------------------------------------------------------------------

// Reserved: these are never names.
AS            : 'as' ;
BREAK         : 'break' ;
CONST         : 'const' ;
CONTINUE      : 'continue' ;
DEFER         : 'defer' ;
ELSE          : 'else' ;
ENUM          : 'enum' ;
EXHAUSTED     : 'exhausted' ;
EXTERN        : 'extern' ;
FALLTHROUGH   : 'fallthrough' ;
FALSE         : 'false' ;
FN            : 'fn' ;
FOR           : 'for' ;
IF            : 'if' ;
IMPORT        : 'import' ;
LET           : 'let' ;
NULL          : 'null' ;
ORELSE        : 'orelse' ;
OWN           : 'own' ;
PUB           : 'pub' ;
RETURN        : 'return' ;
STATIC_BRANCH : 'static_branch' ;
STATIC_SWITCH : 'static_switch' ;
STRUCT        : 'struct' ;
SWITCH        : 'switch' ;
TRUE          : 'true' ;
VAR           : 'var' ;
WHILE         : 'while' ;

// Contextual: keywords where the grammar says so, names elsewhere (rule `id` of the parser).
ALIAS    : 'alias' ;
CONFIG   : 'config' ;
FAILS    : 'fails' ;
HEADER   : 'header' ;
IN       : 'in' ;
KERNEL   : 'kernel' ;
KEY      : 'key' ;
KFUNC    : 'kfunc' ;
LICENSE  : 'license' ;
LIKELY   : 'likely' ;
LIMIT    : 'limit' ;
LOCK     : 'lock' ;
MAP      : 'map' ;
MUTABLE  : 'mutable' ;
OPEN     : 'open' ;
PROG     : 'prog' ;
TABLE    : 'table' ;
TAIL     : 'tail' ;
TEST     : 'test' ;
UNLIKELY : 'unlikely' ;

// ---- Signs. -----------------------------------------------------------------------------------------------------

LPAREN : '(' ;
RPAREN : ')' ;
LBRACK : '[' ;
RBRACK : ']' ;
LBRACE : '{' ;
RBRACE : '}' ;

AT          : '@' ;
COMMA       : ',' ;
SEMI        : ';' ;
COLON       : ':' ;
COLON_COLON : '::' ;
DOT         : '.' ;
RANGE       : '..' ;   // excludes the upper end: loops
RANGE_EQ    : '..=' ;  // includes it: patterns
ARROW       : '->' ;
FAT_ARROW   : '=>' ;
QUESTION    : '?' ;

STAR    : '*' ;
SLASH   : '/' ;
PERCENT : '%' ;
PLUS    : '+' ;
MINUS   : '-' ;
SHL     : '<<' ;
AMP     : '&' ;
CARET   : '^' ;
PIPE    : '|' ;
TILDE   : '~' ;
BANG    : '!' ;
EQ      : '==' ;
NE      : '!=' ;
LT      : '<' ;
LE      : '<=' ;
GT      : '>' ;  // `>>` is two of these, so that `hash<u32, array<u32, u64>>` closes both
GE      : '>=' ;
AND_AND : '&&' ;
OR_OR   : '||' ;

ASSIGN         : '=' ;
STAR_ASSIGN    : '*=' ;
SLASH_ASSIGN   : '/=' ;
PERCENT_ASSIGN : '%=' ;
PLUS_ASSIGN    : '+=' ;
MINUS_ASSIGN   : '-=' ;
SHL_ASSIGN     : '<<=' ;
SHR_ASSIGN     : '>>=' ;
AMP_ASSIGN     : '&=' ;
CARET_ASSIGN   : '^=' ;
PIPE_ASSIGN    : '|=' ;

// ---- Literals and names. ----------------------------------------------------------------------------------------

// `192.0.2.1`: an address, of type be32.
ADDRESS : DIGIT+ '.' DIGIT+ '.' DIGIT+ '.' DIGIT+ ;

// `1_000`, `0xff`, `0b11`, and with a unit: `ns us ms s` (durations, in nanoseconds), `K M G` (powers of 1024).
// Wider than what is allowed, so that `0x` or `12abc` is one wrong number and not a right one beside a name.
NUMBER : DIGIT WORD* ;

// `1.5` is no number here; it is a token only to be refused as a whole.
FRACTION : DIGIT WORD* '.' DIGIT WORD* ('.' DIGIT WORD*)* ;

STRING : '"' ( '\\' ~[\r\n] | ~["\\\r\n] )* '"' ;
CHAR   : '\'' ( '\\' ~[\r\n] | ~['\\\r\n] )* '\'' ;
ID     : [a-zA-Z_] WORD* ;

// ---- Blanks, and what is wrong. ---------------------------------------------------------------------------------

BLANKS        : [ \t\r\n]+ -> skip ;
LINE_COMMENT  : '//' ~[\r\n]* -> skip ;
BLOCK_COMMENT : '/*' COMMENT_BODY '*'+ '/' -> skip ;  // they do not nest

OPEN_STRING  : '"' ( '\\' ~[\r\n] | ~["\\\r\n] )* '\\'? ;
OPEN_CHAR    : '\'' ( '\\' ~[\r\n] | ~['\\\r\n] )* '\\'? ;
OPEN_COMMENT : '/*' COMMENT_BODY '*'* ;
STRAY        : . ;

fragment DIGIT        : [0-9] ;
fragment WORD         : [a-zA-Z_0-9] ;
fragment COMMENT_BODY : ( ~'*' | '*'+ ~[*/] )* ;
