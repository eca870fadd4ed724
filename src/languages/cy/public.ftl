# Draft: to be read by a person who speaks the language before it is used.

pages = Tudalennau
menu = Dewislen
nav-how = Sut mae’n gweithio
nav-tell-us = Dywedwch wrthym
nav-advocacy = Help i gwyno
nav-ombudsman = Ddim yn hapus â’n hateb
nav-changed = Beth a newidiwyd gennym

how-title = Sut mae cwyno’n gweithio
how-lead = Gallwch ddweud wrthym fod rhywbeth o’i le mewn unrhyw ffordd: ar y wefan hon, drwy e-bost, dros y ffôn, drwy neges, neu wrth unrhyw un sy’n gweithio i ni. Mae’r cyfan yn cyfrif o’r diwrnod y mae’n ein cyrraedd.
how-tell-us = Dywedwch wrthym nawr
how-safe-title = Mae’n ddiogel cwyno
how-safe-text = Mae cwyno’n hawl i chi. Ni chaiff neb eich trin chi na’ch plentyn yn waeth o’i herwydd. Nid yw pwy bynnag y mae cwyn amdano yn delio â hi ac ni all ei hagor.
how-who-title = Pwy all gwyno
how-who-text = Plant a phobl ifanc, rhieni, gofalwyr, gofalwyr maeth, y rhai sy’n gadael gofal, ac unrhyw un sy’n poeni am blentyn. Gall rhywun arall siarad drosoch.
how-late-text = Mae’n helpu dweud wrthym o fewn blwyddyn. Os yw’n hirach yn ôl, dywedwch wrthym yr un fath: edrychwn ar y rheswm.
how-two-title = Dwy ffordd y gall fynd
how-two-text = Mae gan y gyfraith weithdrefn ei hun ar gyfer gofal cymdeithasol plant. Mae popeth arall yn dilyn gweithdrefn y cyngor ei hun. Nid oes rhaid i chi wybod pa un: rydym yn dweud wrthych, a pham.
how-adjustments-title = Os oes rhywbeth yn gwneud hyn yn anodd
how-contact-title = Gofynnwch i ni
how-contact-text = { $service }: ffoniwch { $phone } neu ysgrifennwch at { $email }.
how-hours = Atebir galwadau { $hours }.

map-title = Camau cwyn
map-tell-us = Dywedwch wrthym fod rhywbeth o’i le
statutory-title = Gofal cymdeithasol plant
statutory-text = Er enghraifft gweithwyr cymdeithasol, plant mewn angen, plant mewn gofal, maethu, gadael gofal.
corporate-title = Popeth arall
corporate-text = Er enghraifft anghenion addysgol arbennig, cludiant ysgol, cymorth cynnar.
map-yours = Eich tro chi
map-told = Rydych yn dweud wrthym
map-told-text = Mewn unrhyw eiriau, mewn unrhyw ffordd.
map-heard = Rydym yn dweud ei bod gennym
map-heard-text = Cewch gyfeirnod, enw pwy sy’n gofalu amdani, a dyddiad yr ateb.
map-answer = Cam 1: yr ateb cyntaf
map-answer-text = Mae rhywun sy’n rheoli’r gwasanaeth yn edrych i mewn iddi ac yn ateb pob pwynt.
map-ask-second = Gallwch ofyn am gam 2
map-ask-second-text = Os nad ydych yn hapus â’r ateb. Gallwch ofyn yn hwyrach hefyd: dywedwch pam.
map-investigation = Cam 2: ymchwiliad
map-investigation-text = Mae ymchwilydd a pherson annibynnol yn edrych i mewn iddi. Cewch y ddau adroddiad a’r penderfyniad.
map-second-answer = Cam 2: ail olwg
map-second-answer-text = Mae rhywun nad oedd â rhan yn yr ateb cyntaf yn edrych ar y cyfan.
map-ask-panel = Gallwch ofyn am gam 3
map-ask-panel-text = Os nad ydych yn hapus â’r penderfyniad yng ngham 2.
map-panel = Cam 3: panel
map-panel-text = Mae tri pherson, y rhan fwyaf yn annibynnol, yn eich clywed chi a’r cyngor.
map-panel-answer = Mae’r cyngor yn ateb y panel
map-panel-answer-text = Cewch adroddiad y panel, a’r hyn y mae’r cyngor yn ei wneud yn ei gylch.
map-ombudsman = Yr Ombwdsmon
map-ombudsman-text = Gallwch fynd at yr Ombwdsmon unrhyw bryd. Fel arfer maent yn gofyn i chi orffen y camau yma yn gyntaf.
within-working-days = { $n ->
    [one] o fewn { $n } diwrnod gwaith { $from }
   *[other] o fewn { $n } diwrnod gwaith { $from }
}
within-days = { $n ->
    [one] o fewn { $n } diwrnod { $from }
   *[other] o fewn { $n } diwrnod { $from }
}
within-months = { $n ->
    [one] o fewn { $n } mis { $from }
   *[other] o fewn { $n } mis { $from }
}
longest-working-days = { $n ->
    [one] { $n } diwrnod gwaith fan bellaf, os yw’n gymhleth
   *[other] { $n } diwrnod gwaith fan bellaf, os yw’n gymhleth
}
longest-days = { $n ->
    [one] { $n } diwrnod fan bellaf, os yw’n gymhleth
   *[other] { $n } diwrnod fan bellaf, os yw’n gymhleth
}
longest-months = { $n ->
    [one] { $n } mis fan bellaf, os yw’n gymhleth
   *[other] { $n } mis fan bellaf, os yw’n gymhleth
}
from-receipt = i’r diwrnod y cyrhaeddodd ni
from-acknowledgement = i’r diwrnod y dywedasom ei bod gennym
from-first-answer = i’r diwrnod y cawsoch yr ateb cyntaf
from-second-request = i’r diwrnod y gofynasoch am gam 2
from-second-acknowledgement = i’r diwrnod y dywedasom fod eich cais gennym
from-second-answer = i’r diwrnod y cawsoch y penderfyniad yng ngham 2
from-panel-request = i’r diwrnod y gofynasoch am banel
from-panel = i ddiwrnod y panel
from-panel-report = i’r diwrnod y cawsom adroddiad y panel
from-withdrawal = i’r diwrnod y’i tynnwyd yn ôl
from-matter = i’r diwrnod y digwyddodd
map-working-days = Diwrnodau gwaith yw dydd Llun i ddydd Gwener heb wyliau banc.
map-rules = Y rheolau y tu ôl i’r dyddiau hyn

advocacy-title = Help i gwyno
advocacy-lead = Mae eiriolwr ar eich ochr chi. Mae’n eich helpu i ddweud yr hyn rydych am ei ddweud, yn dod i gyfarfodydd gyda chi, ac yn gwirio eich bod yn cael ateb. Mae am ddim.
advocacy-right = Mae gan blant a phobl ifanc mewn gofal, mewn angen neu sy’n gadael gofal hawl i eiriolwr pan fyddant yn cwyno. Gall rhieni a gofalwyr ofyn hefyd.
advocacy-here = Yma, { $name } ydyw.
advocacy-call = Ffoniwch { $phone } neu ysgrifennwch at { $email }.
advocacy-site = Gwefan { $name }
advocacy-apart = Nid ydynt yn gweithio i’r cyngor. Nid ydynt yn dweud dim wrthym nad ydych am i ni ei wybod, oni bai bod rhywun mewn perygl.
advocacy-children-title = I blant a phobl ifanc
advocacy-young = Tudalen fer i ddweud wrthym

ombudsman-title = Os nad ydych yn hapus â’n hateb
ombudsman-lead = Gallwch fynd ymlaen. Mae ein hateb bob amser yn dweud sut, ac erbyn pryd.
ombudsman-next-title = Gofynnwch i ni am y cam nesaf
ombudsman-next-text = Atebwch ein llythyr, ffoniwch ni, neu defnyddiwch y ffurflen. Nid oes angen geiriau arbennig: dywedwch nad ydych yn hapus â’r ateb, a pham os mynnwch.
ombudsman-who-title = Gofynnwch i’r Ombwdsmon
ombudsman-who-text = Mae’r { $name } yn annibynnol ar y cyngor, ac am ddim. Maent yn edrych a wnaethom bethau’n iawn.
ombudsman-when = Gallwch ofyn iddynt unrhyw bryd. Fel arfer maent am i’r cyngor fod wedi ateb yn gyntaf, neu wedi cymryd llawer rhy hir. Dywedwch wrthynt o fewn blwyddyn i chi wybod.
ombudsman-call = Ffoniwch { $phone }.
ombudsman-site = Gwefan yr Ombwdsmon
ombudsman-else-title = Mae rhai pethau’n mynd ffordd arall
ombudsman-else-text = Gellir apelio i’r Tribiwnlys SEND am benderfyniadau ar gynllun addysg, iechyd a gofal. Dim ond llys all newid penderfyniad llys. Gallwch hefyd fynd â’r hyn a wnawn â data personol at y Comisiynydd Gwybodaeth. Dywedwch wrthym beth bynnag: rydym yn dweud beth sy’n mynd i ble.

changed-title = Beth a newidiwyd gennym
changed-lead = Oherwydd i bobl ddweud wrthym beth oedd o’i le, mae’r pethau hyn yn wahanol nawr. Ni enwir neb yma.
changed-said = Dywedoch chi:
changed-did = Gwnaethom ni:
changed-none = Nid oes dim yma eto. Rydym yn ysgrifennu yma beth a newidiwn.

privacy-title = Sut rydym yn defnyddio’r hyn a ddywedwch wrthym
privacy-lead = Mae { $council } yn defnyddio’r hyn a ddywedwch i edrych i mewn iddo, i’ch ateb, ac i wneud yn well.
privacy-what-title = Beth rydym yn ei gadw
privacy-what = Eich geiriau, eich ffeiliau, sut y gellir eich cyrraedd, a’r hyn a wnaed. Ni chedwir dim o’r ffurflen cyn i chi bwyso Anfon. Ni chedwir eich cyfeiriad ar y rhyngrwyd gydag ef.
privacy-why-title = Pam y cawn wneud hyn
privacy-why = Mae’r gyfraith yn ei gwneud yn ofynnol i ni ddelio â chwynion am wasanaethau plant: tasg er budd y cyhoedd a dyletswydd. Ar gyfer ffeithiau am iechyd ac ati, gofal plant a budd cyhoeddus sylweddol ydyw.
privacy-who-title = Pwy sy’n ei ddarllen
privacy-who = Y tîm cwynion, pwy bynnag sy’n gorfod edrych i mewn iddo, a pherson annibynnol, panel neu’r Ombwdsmon os aiff mor bell. Byth pwy bynnag y mae amdano, oni bai bod rhaid iddynt ateb. Os gall plentyn fod mewn perygl, rydym yn dweud wrth y rhai sy’n amddiffyn plant.
privacy-machine = Mae rhaglen gyfrifiadurol sydd gennym yn didoli negeseuon yn ôl eu pwnc. Nid yw’n penderfynu dim: mae person yn edrych ar bob un. Nid anfonir eich geiriau at neb arall ar gyfer hyn.
privacy-long-title = Am ba hyd rydym yn ei gadw
privacy-long = { $years ->
    [one] { $years } flwyddyn ar ôl iddo ddod i ben, yna mae person yn edrych a all fynd.
   *[other] { $years } blynedd ar ôl iddo ddod i ben, yna mae person yn edrych a all fynd.
}
privacy-long-statutory = { $years ->
    [one] Mewn gofal cymdeithasol plant { $years } flwyddyn.
   *[other] Mewn gofal cymdeithasol plant { $years } blynedd.
}
privacy-rights-title = Eich hawliau
privacy-rights = Gallwch ofyn am gopi o’r hyn a gadwn amdanoch, ei gywiro, a gwrthwynebu. Gofynnwch i { $name }: { $email }.
privacy-ico = Os nad ydych yn hapus â hynny, dywedwch wrth y Comisiynydd Gwybodaeth: ffoniwch 0303 123 1113.
privacy-ico-site = Gwefan y Comisiynydd Gwybodaeth
privacy-cookies-title = Cwcis
privacy-cookies = Un cwci, dim ond os dewiswch iaith neu lythrennau mwy: mae’n cofio’r dewis hwnnw a dim arall.

access-title = Datganiad hygyrchedd
access-lead = Mae hwn am dudalennau { $service } y mae teuluoedd yn eu defnyddio. Mae gan swyddogion ddatganiad eu hunain.
access-how-title = Pa mor hygyrch yw’r tudalennau hyn
access-how = Eu nod yw bodloni Canllawiau Hygyrchedd Cynnwys Gwe 2.2 ar lefel AA. Maent yn gweithio heb sgriptiau, ar ffôn bach, mewn llythrennau mwy, ac ar bapur.
access-not = Nid oes neb o’r tu allan wedi’u harchwilio eto, felly ni allwn ddweud eu bod yn bodloni’r canllawiau’n llawn. Mae rhaglen yn profi pob tudalen pan gaiff ei newid; dim ond rhai diffygion y mae’n eu canfod. Nid yw pobl â darllenwyr sgrin wedi’u profi eto.
access-letters-title = Llythyrau a ffeiliau
access-letters = Gallwch gael pob llythyr mewn print bras neu mewn geiriau hawdd: dywedwch wrthym. Ni allwn newid y ffeiliau y mae pobl yn eu hanfon atom.
access-tell-title = Dywedwch wrthym beth nad yw’n gweithio
access-tell = Ffoniwch { $phone } neu ysgrifennwch at { $email }. Rydym yn ateb o fewn deg diwrnod gwaith.
access-eass = Os nad ydych yn hapus â’n hateb am hyn, cysylltwch â’r Gwasanaeth Cynghori a Chefnogi Cydraddoldeb.
access-officers = Datganiad ar gyfer tudalennau swyddogion
