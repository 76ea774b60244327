/**
 * Codes that many people choose, in canonical form, the most common first: from the passwords of @zxcvbn-ts/language-common
 * (MIT, "Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc.", "Copyright (c) 2021 @zxcvbn-ts"). Written by scripts/common-codes.mjs.
 */
export const COMMON_CODES = `
123456 password 12345678 qwerty 123456789 111111 1234567 dragon 123123 baseball abc123 football monkey letmein shadow master 696969
michael mustang 666666 qwertyuiop 123321 1234567890 superman 1qaz2wsx 7777777 fuckyou jordan qazwsx jennifer 123qwe 000000 killer
trustno1 hunter harley zxcvbnm asdfgh buster andrew batman soccer tigger charlie robert sunshine thomas iloveyou fuckme ranger
daniel hockey george computer michelle jessica starwars asshole pepper klaster 112233 zxcvbn freedom princess joshua maggie ginger
11111111 131313 amanda ashley cheese 159753 nicole summer matthew chelsea dallas biteme matrix william yankees taylor corvette
austin access martin heather thunder merlin secret diamond anthony hammer fucker 1234qwer silver gfhjkm justin patrick richard
bailey internet samantha golfer scooter orange cookie q1w2e3r4t5 maverick jackson sparky mickey phoenix bigdog snoopy guitar
whatever chicken morgan andrea camaro mercedes peanut ferrari cowboy falcon welcome samsung steelers joseph smokey dakota melissa
arsenal boomer eagles tigers marina nascar booboo gateway porsche yellow monster spider diablo hannah bulldog junior london purple
compaq lakers iceman qwer1234 hardcore cowboys banana ncc1701 boston brandon tennis johnny miller q1w2e3r4 coffee scooby 123654
edward nikita mother yamaha brandy barney chester fuckoff oliver charles player knight forever steven rangers midnight chicago
bigdaddy redsox victoria badboy please fender jasper slayer rabbit natasha rachel bigdick marine wizard marlboro raiders prince
casper fishing flower crystal jasmine panties iwantu adidas winner winter gandalf password1 ghbdtn 1q2w3e4r angela golden lauren
cocacola jordan23 winston madison angels blowme panther sexsex bigtits spanky shannon sophie johnson asdfasdf thx1138 toyota murphy
canada danielle 12344321 blowjob 8675309 jonathan liverpoo muffin cooper apples jackie dennis qwerty123 passw0rd abcd1234 sandra
pokemon 123abc slipknot carlos qazxsw 123456a scorpion qwaszx nathan butter startrek rainbow asdfghjkl redskins newyork gemini
cameron qazwsxedc florida liverpool turtle nicholas viking booger wilson sierra butthead doctor rocket 159357 victor dolphins
captain bandit jaguar packers pookie peaches 789456 dolphin helpme tucker theman tiffany maxwell jeremy qwertyui shithead debbie
albert maddog lovers monica united giants nirvana metallic hotdog rosebud mountain benjamin warrior stupid elephant suckit success
bond007 jackass bonnie alexis scorpio samson q1w2e3 rush2112 azerty freddy driver willie calvin 1q2w3e4r5t sydney gators dexter
red123 12345a 123456q creative voodoo arthur trouble america nissan gunner rebecca stella garfield gordon jessie bullshit parker
asdfghjk fucking apollo 1qazxsw2 eminem december legend airborne beavis august brooklyn godzilla skippy 4815162342 kitten shelby
beaver phantom nothing asdasd williams xavier braves darkness blink182 travis copper tomcat platinum qweqwe 01012011 bigboy 102030
animal police 11223344 online voyager lifehack 12qwaszx sniper 315475 trinity walter blazer heaven snowball playboy bubbles loveme
hooters cricket marvin willow donkey topgun nintendo saturn family november gabriel destiny pakistan pumpkin digital sergey chance
explorer redwings private therock runner 789456123 lasvegas guinness beatles cassie christin qwerty1 asdf1234 celtic broncos andrey
007007 babygirl nelson donald eclipse cartman fluffy louise michigan testing carolina little samuel alexande birdie cherry pantera
sharon gibson vampire mexico dickhead buffalo montana genius flyers maximus school minecraft lovely stalker metallica doggie carter
kristina kimberly spencer speedy barbara snickers sabrina carmen marcus bronco yankee friends paradise lol123 dreams magnum horses
caroline 147258369 lacrosse goober member qwertyu enigma scotty pimpin bollocks surfer genesis poohbear asd123 qweasdzxc racing
friend hello1 hawaii eagle1 october vanessa poopoo einstein boobies stanley 12345q walker bitches drowssap stephen courtney simple
alaska badger action denise jester 111222 spitfire drummer forest patricia maryjane champion diesel svetlana friday gregory pamela
hotrod 147258 anderson lucky1 douglas westside security google badass shorty tester thumper hitman mozart general reddog zaq12wsx
010203 lizard alexander melanie a123456 ruslan 123456789a vincent 1232323q teresa scarface 147852 qwerty12 a12345 marshall olivia
veronica buddha spirit frankie money1 stargate antonio liberty natalie mercury naruto qwe123 12345qwert suzuki semperfi popcorn
spooky marley system brittany claudia scotland cherokee vikings simpsons leslie rascal qweasd loveyou hummer michael1 allison
patches russia adrian jupiter penguin cumshot howard passion vfhbyf vladimir franklin sandman 123789 infinity bastard raider
passport assman sucker fantasy bulldogs 1234554321 horney domino budlight ironman disney norman usuckballz1 softball bishop francis
brutus redrum brooke bigred jeffrey fktrcfylh karina marines kawasaki digger ireland oksana fireman cougar college alicia russell
houston monday bradley nigger justice wildcats tinker duncan dancer logitech avalon swordfis everton reggie motorola alexandr
timothy hentai pussy1 claire patriots madonna colorado eugene ducati kermit juventus indian connor galore freeuser smooth titanic
boogie simpson warcraft wolverin elizabet arizona saints valentin georgia test123 accord baxter denver mitchell christ password123
yfnfif stinky zachary roland naughty ncc1701d spiderma chopper brenda hello123 extreme virginia skyline zombie pearljam froggy
pirate fylhtq vision 123qweasd awesome alyssa dreamer predator bullet empire charlie1 kirill 123123a people panthers skipper nemesis
peekaboo rasdzv3 alison rolltide american cardinal arnold chevelle psycho happy1 danger mookie wanker manutd 9379992 hobbes vegeta
goblue 852456 burton fyfcnfcbz picard 159951 windows loverboy lovelove vfrcbv victory 123654789 bambam turkey serega tweety hiphop
galina changeme rooster polina berlin suckme taurus electric ronald avatar 134679 raptor alpha1 maksim spring brazil bigcock newport
kenneth hendrix madmax england a1b2c3 sublime britney france darkside bigman hercules lawrence wolfpack classic letmein1 lincoln
ronaldo 741852963 spiderman 1q2w3e blizzard cheyenne 123456789q wombat bubba1 tiger1 cjkysirj raymond brother kristen pandora devils
zxc123 simone holiday wildcat kramer 147852369 buddy1 sterling caesar alabama carrie bondage basketball sports pussycat pickle
catch22 leather shaggy a1b2c3d4 chronic flowers qaz123 qqq111 robbie gracie freepass airplane perfect kodiak billybob katana sunset
stingray snowman angel1 chocolat zeppelin garcia detroit wolves pontiac firebird vagina gundam panzer outlaw pretty fisher connie
business trevor redhead hardon greenday tarheels 01011980 nastya hellfire engineer dragon1 savage service serenity michele lickme
fireball 1029384756 remember darkstar miranda mustang1 124578 harvey strike freddie pavilion beauty bobafett 01012000 dbrnjhbz
bigmac chris1 clinton bowling natali future harrison wallace welcome1 swimming apache pyramid dodgers whynot fuckit defender morris
trooper 135790 cancer precious packard lucifer popeye weasel 142536 icecream stewart tanner swordfish blonde presario rockstar
viktor manager cheryl norton james1 control wutang airforce julian atlanta thailand looking casino 741852 21122112 lennon 456123
bluebird theone hawkeye hacker dustin elaine nfnmzyf sailor catfish goldfish maxima tattoo barbie design pervert machine herman
wrangler trucks nipples roscoe tornado lights bubble cadillac 666999 madman orlando pegasus target longhorn philip browns stefan
cannon dilbert baller microsoft winnie christia qazwsx123 shooter xfiles qazqaz lesbian street seattle corona amateur cthutq prelude
246810 753951 314159 141627 321654 951753 112358 911911 555666 121314 456852 123098 258456 102938 123987 445566 987456 456654 753159
223344 906090 789654 666777 123457 132435 963852 000007 362436 128500 789123 321123 100000 150781 222333 321456 332211 420247 162534
456321 000001 122333 135246 789987 200000 778899 555777 112211 192837 333666 777888 336699 123451 235689 784512 787898 147369 654123
794613 111333 369963 000111 123455 120676 147963 159632 010180 123465 655321 998877 147741 258852 225588 369258 369852 123000 153624
333777 111000 987123 135791 172839 420000 635241 987321 100500 196969 415263 224466 142857 258369 999666 132456 145236 357159 741963
010191 258963 333444 123567 147896 875421 111777 357951 123459 223322 556677 996633 132465 515000 222777 777999 777333 888999 010390
115599 321678 951357 120689 123450 111555 123890 334455 777666 159263 250588 333555 456987 963258 918273 114477 010181 444555 902100
999888 741258 852258 986532 999000 120986 130680 214365 515051 777555 895623 101080 120786 124038 258000 010170 748596 232425 651550
666333 153759 333999 123412 300465 666555 987789 101077 121281 615243 555222 630112 753357 837519 141516 222555 665544 159852 197777
335577 357753 555333 777111 070462 007700 362514 699669 777000 823762 222444 885522 999111 123698 224488 622521 747400 852963 123458
999777 088011 123258 253634 427900 515253 123454 333221 456258 963369 111666 124356 131415 135799 145632 315920 322223 555000 555556
789852 100001 123369 124816 233223 333222 444777 500000 135531 271828 777444 014789 001100 013579 212223 235711 524645 555444 258741
335533 451236 479373 554455 555888 741236 852654 951159 968574 123333 123666 567765 789321 963741 976431 000006 123555 222888 224422
242526 475869 009900 113322 123234 133113 135792 333888 555111 557744 019283 270873 113355 123432 123444 178500 192168 999333 123345
152535 198200 203040 282860 654456 852147 114411 159874 171819 197000 225522 232629 252627 300000 326598 654987 667788 774411 852123
852741 098123 153426 159487 159963 187211 197500 198000 258025 669966 775533 789520 889988 900000 123580 147123 161718 181920 430799
444222 555999 557711 616913 666111 098890 123963 198500 247365 313233 331234 543216 996699 151617 199000 492529 666888 119911 123645
123777 133159 144000 159123 215487 234523 246800 272829 555551 666000 123423 125678 135711 183461 198400 227722 233391 369147 481516
526452 554433 998899 999998 024680 106666 123400 148888 195000 198900 258789 302731 375125 556655 666425 778811 000009 005500 113311
123213 125478 158272 179355 197800 198300 199200 222999 234432 332233 339311 345543 392781 442244 444333 444666 446655 556699 557799
600000 616879 697769 700007 703751 708090 852369 888111 889900 975310 200410 074401 123211 135795 157953 198700 213141 267605 276115
316769 405060 456838 464811 678910 741147 775577 777771 789632 824655 867530 908070 995511 000005 006900 007008 123445 123678 137946
147789 155555 159789 197100 198600 222666 223311 246824 246890 284655 316497 443322 455445 526282 555123 579300 666420 667766 779977
785612 888555 926337 123579 123852 125412 125521 125689 131517 146969 151500 153351 154263 164379 166666 167943 196400 197300 197600
198910 198920 200001 241455 255225 258147 258654 261397 333000 334433 336633 337733 428054 442200 444000 477041 678901 709394 754321
786110 789551 800500 963147 123212 123342 123452 123589 132333 149521 159456 182838 196800 196820 197430 198206 198207 198701 199103
199430 223366 226622 243122 255555 369741 369874 382436 424365 493949 515069 527952 556644 665259 666222 777222 785001 789963 888777
000002 115511 119966 123592 123699 123978 124365 125690 137955 143000 144444 197200 198020 198800 199410 204060 224455 228822 316271
365214 382563 414243 441232 444888 483422 545645 665566 666444 687887 747200 789056 880888 887766 000008 007000 109876 117711 123888
124536 125000 125267 135642 136900 141592 142500 145678 147456 159000 165432 196100 197010 197101 197700 198505 198520 199020 201980
223355 258046 311420 342500 420666 444111 500600 511647 543211 552255 552861 645202 777123 789512 888889 963214 028526 008800 002200
108888 118801 118811 119955 123569 129834 132546 132613 135798 136666 136913 143333 153246 159630 197901 198305 198603 199308 199500
199508 200007 212325 231456 232222 233307 234561 235555 246801 248624 258012 266643 321671 400000 423956 432100 486255 523252 663366
666123 718293 741776 744637 773400 774477 776677 963210 113411 113456 114466 116211 123233 123478 123498 124563 125480 125896 127266
127576 134267 134652 135789 138500 147000 149200 157359 159654 172165 177777 179328 187420 196500 197506 197610 197802 198100 198510
198620 198707 198802 198803 198810 199004 199090 199404 199406 199520 199610 213456 222221 222223 226688 232123 246642 246969 286685
345123 358853 361619 369987 422119 444455 456963 495812 542678 551155 552233 565758 567432 636332 696977 699999 741369 776655 777007
787899 887788 888666 901234 907629 951623 997755 999555 200411 086421
`;
