# Draft: to be read by a person who speaks the language before it is used.

# The page on which a family sees where its case stands, and the letters about its link.
track-title = Ble mae eich cwyn arni
track-ask-title = Gwirio mai chi sydd yno
track-ask-text = Cyn i ni ddangos dim, rydym yn anfon cod o chwe ffigur i’r cyfeiriad neu’r sgwrs y gwnaed y ddolen hon ar ei gyfer. Mae’n ddilys am 15 munud.
track-ask-button = Anfonwch god ataf
track-ask-have = Mae gennyf god eisoes
track-figures-title = Rhowch y cod
track-figures-text = Os yw’r ddolen hon yn dda, mae cod ar ei ffordd i’r cyfeiriad y’i gwnaed ar ei gyfer. Gall gymryd munud. Anfonir cod ar y mwyaf unwaith y funud.
track-figures-label = Y chwe ffigur
track-figures-button = Parhau
track-figures-again = Anfonwch god arall ataf
track-figures-wrong = Nid yw’r cod hwnnw’n gywir, neu mae drosodd. Gwiriwch ef, neu gofynnwch am un arall
track-figures-help = Dim cod? Efallai ei fod ymhlith post sothach. Gallwch hefyd ein ffonio: { $phone }.
track-how = Agorwch y ddolen yn ein llythyr
track-how-text = I weld ble mae eich cwyn arni, agorwch y ddolen yn yr e-bost neu’r neges a ddywedodd wrthych fod eich cwyn gennym. Os nad yw gennych mwyach, ffoniwch { $phone } ac anfonwn un newydd atoch.
track-out = Rydych wedi gadael y dudalen
track-out-text = Ni all neb ei gweld yma heb god newydd. Os ydych am fod yn siŵr, caewch y ffenestr hon hefyd. Ein rhif yw { $phone }.
track-over = Mae’r dudalen hon wedi cau ohoni’i hun

# Its parts.
track-now = Ble mae hi nawr
track-next = Beth sy’n digwydd nesaf
track-next-nothing = Nid oes dim y mae’n rhaid i chi aros amdano nawr.
track-who = Pwy sy’n delio â hi
track-changes = Beth newidiodd
track-why = Pam: { $reasons }
track-answers = Beth a ganfuom
track-point = Pwynt { $number }
track-point-outcome = Beth a ganfuom
track-point-reasons = Pam
track-point-evidence = Beth yr edrychom arno
track-point-remedy = Beth a wnawn i chi
track-point-learning = Beth a newidiwn i eraill
track-promises = Beth a addawsom
track-promise-done = Wedi’i wneud ar { $date }
track-promise-due = Heb ei wneud eto. Erbyn { $date }
track-promise-late = Heb ei wneud eto. Dylai fod wedi’i wneud erbyn { $date }
track-promise-open = Heb ei wneud eto
track-promise-undecided = Nid ydym wedi dweud eto beth a wnawn amdano
track-promise-rejected = Nid ydym yn gwneud hyn
track-promise-panel = Argymhellodd y panel hyn
track-promise-ombudsman = Mae’r Ombwdsmon am gael hyn
track-letters = Beth a anfonom atoch
track-letters-none = Dim hyd yn hyn.
track-letter-acknowledgement = Bod eich neges gennym
track-letter-answer = Ein hateb
track-letter-extension = Bod ein hateb yn cymryd mwy o amser
track-letter-next-stage = Am y cam nesaf
track-letter-route-decision = Pa drefn y mae’n ei dilyn
track-letter-refusal = Na allwn ei dderbyn, a pham
track-letter-clock-stopped = Bod yn rhaid iddi aros
track-letter-clock-runs = Ei bod yn mynd ymlaen
track-letter-withdrawal = Eich bod wedi’i thynnu’n ôl
track-letter-closure = Ein bod wedi’i chau
track-letter-track-link = Dolen newydd i’r dudalen hon
track-letter-status = Ble mae hi arni
track-letter-other = Llythyr
track-letter-how-waiting = ar ei ffordd
track-letter-how-sent = wedi’i anfon
track-letter-how-arrived = wedi cyrraedd
track-letter-how-failed = heb gyrraedd
track-messages = Beth a anfonoch atom
track-messages-none = Dim hyd yn hyn.
track-message-how-email = drwy e-bost
track-message-how-chat = yn y sgwrs
track-message-how-form = ar ein gwefan
track-message-files = Ffeiliau: { $names }
track-requests = Beth y gofynasoch amdano ar y dudalen hon
track-request-next-stage = Gofynasoch am y cam nesaf ar { $moment }. Mae person yn ein tîm yn ei ddarllen ac yn ysgrifennu atoch.
track-request-withdraw = Gofynasoch i ni roi’r gorau iddi ar { $moment }. Mae person yn ein tîm yn ei ddarllen ac yn ysgrifennu atoch.
track-request-contact = Dywedasoch wrthym ar { $moment } sut rydych am glywed gennym. Mae person yn ein tîm yn gofalu am hyn.

# What they can do.
track-do = Beth y gallwch ei wneud
track-do-add = Dweud mwy wrthym, neu anfon ffeiliau
track-do-next-stage = Gofyn am gam { $stage }
track-do-withdraw = Rhoi’r gorau i’r gŵyn hon
track-do-contact = Dweud sut rydych am glywed gennym
track-do-print = I’w chadw ar bapur, argraffwch y dudalen hon.
track-do-out = Gadael y dudalen hon ac allgofnodi
track-see-new = Gweld a oes unrhyw beth newydd
track-is-new = Mae’r dudalen hon newydd newid.
track-told = Mae gennym ef
track-told-text = Mae gennym yr hyn a anfonoch atom. Mae’n perthyn i { $reference }. Mae person yn ei ddarllen.
track-add-text = Ysgrifennwch yr hyn rydych am ei ychwanegu. Mae’n mynd at y bobl sy’n delio â’ch cwyn. Ni chedwir dim cyn i chi ei anfon.
track-next-stage-text = Os nad ydych yn fodlon â’n hateb, gallwch ofyn am gam { $stage }. Gallwch ddweud pam, ond nid oes rhaid.
track-withdraw-text = Os rhowch y gorau i’r gŵyn hon, nid ydym yn edrych i mewn iddi mwyach. Gallwch newid eich meddwl. Nid oes rhaid dweud pam.
track-contact-text = Dywedwch wrthym beth sy’n ei gwneud yn haws i chi. Mae person yn ein tîm yn gofalu am hyn.
track-words = Yr hyn rydych am ei ddweud wrthym
track-words-hint = Hyd at { $most } nod.
track-words-why = Pam, os ydych am ddweud
track-files = Ffeiliau, hyd at { $most }
track-files-hint = Lluniau, recordiadau neu ddogfennau. Gall pob un fod hyd at { $mb } MB.
track-print = Sut rydych am gael llythyrau
track-print-normal = Fel y maent
track-print-large = Mewn print bras
track-print-easy = Mewn geiriau hawdd
track-language = Ym mha iaith, os nad Saesneg
track-other = Unrhyw beth arall, megis dros y ffôn neu ar ba adegau
track-send = Anfon
track-send-next-stage = Gofyn amdano
track-send-withdraw = Rhoi’r gorau i’r gŵyn hon
track-send-back = Mynd yn ôl heb anfon
track-fault-nothing = Ysgrifennwch rywbeth, neu dewiswch ffeil
track-fault-nothing-said = Dewiswch neu ysgrifennwch yr hyn rydych ei eisiau
track-fault-long = Rhaid i’ch geiriau fod yn { $most } nod neu lai
track-fault-many = Gallwch anfon hyd at { $most } ffeil ar unwaith
track-fault-large = Mae “{ $name }” yn fwy na { $mb } MB. Dewiswch ffeil lai
track-fault-kind = Mae “{ $name }” yn fath o ffeil na allwn ei chymryd. Dewiswch lun, recordiad neu ddogfen
track-fault-empty = Mae “{ $name }” yn wag. Dewiswch ffeil arall

# Letters about the link. $figures and $url come in when the letter is sent.
track-mail-figures-subject = Eich cod ar gyfer { $council }
track-mail-figures =
    Eich cod yw { $figures }

    Rhowch ef ar y dudalen sydd gennych ar agor. Mae’n ddilys am 15 munud.

    Os na ofynasoch am god, efallai fod eich dolen gan rywun arall. Heb y cod hwn ni welant ddim. Peidiwch â’i roi i neb.

    { $council }
track-mail-link-subject = Eich dolen: { $reference }
track-mail-link =
    Dyma eich dolen i weld ble mae { $reference } arni:
    { $url }

    Nid yw dolen a oedd gennych o’r blaen yn gweithio mwyach. Pan agorwch hon, anfonwn god i’r cyfeiriad hwn yn gyntaf.

    { $council }
track-mail-status-subject = Ble mae { $reference } arni
track-mail-status = Gofynasoch ble mae { $reference } arni. Dyma’r sefyllfa heddiw.
track-mail-status-page =
    Gallwch weld hyn ar eich tudalen unrhyw bryd:
    { $url }
    Pan agorwch hi, anfonwn god i’r cyfeiriad hwn yn gyntaf.
track-mail-status-end = Cyfrifiadur a ysgrifennodd yr e-bost hwn, am i chi ofyn. Os hoffech ddweud unrhyw beth wrthym, neu ofyn rhywbeth arall, atebwch ef. Mae person yn darllen yr hyn a ysgrifennwch.
