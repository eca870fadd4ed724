# Draft: to be read by a person who speaks the language before it is used.

# Where a case stands, as its family reads it: on the tracker's page, in a chat, in a letter. One sentence or two for each fact.
standing-reference = Eich cyfeirnod yw { $reference }.
standing-received = Fe’i cawsom ar { $date }.

# Where it stands now.
standing-state-to-confirm = Mae gennym yr hyn a anfonoch. Mae person yn ein tîm yn ei ddarllen ac yn gwirio sut y dylem ddelio ag ef.
standing-state-no-complaint = Mae gennym yr hyn a anfonoch, ac nid ydym yn delio ag ef fel cwyn. Os ydych am gwyno, dywedwch wrthym. Nid oes angen ffurflen nac unrhyw eiriau arbennig arnoch.
standing-state-concern = Rydym yn edrych i mewn i’r hyn a ddywedoch wrthym. Nid yw’n gŵyn ffurfiol ar hyn o bryd. Os ydych am iddi fod yn un, dywedwch wrthym.
standing-state-undecided = Rydym yn edrych i mewn i’ch cwyn. Mae dwy drefn ar gyfer cwynion am wasanaethau plant, ac rydym yn penderfynu pa un yw’r un gywir. Nid ydych yn colli amser tra byddwn yn penderfynu.
standing-state-stage1 = Rydym yn edrych i mewn i’ch cwyn. Mae yng ngham 1.
standing-state-advocate-wanted = Rydym yn dod o hyd i eiriolwr i chi: rhywun annibynnol, sy’n eich helpu i ddweud yr hyn rydych ei eisiau. Mae’r amser ar gyfer ein hateb yn sefyll yn llonydd tan hynny.
standing-state-stage1-answered = Mae ein hateb yng ngham 1 gennych.
standing-state-stage2 = Mae eich cwyn yng ngham 2. Mae rhywun na fu’n delio â hi o’r blaen yn edrych i mewn iddi.
standing-state-stage2-answered = Mae ein hateb yng ngham 2 gennych.
standing-state-stage3 = Mae eich cwyn yng ngham 3. Bydd panel adolygu yn cyfarfod.
standing-state-panel-held = Mae eich cwyn yng ngham 3. Mae’r panel adolygu wedi cyfarfod, ac mae’n ysgrifennu ei adroddiad.
standing-state-panel-reported = Mae eich cwyn yng ngham 3. Mae’r panel adolygu wedi gwneud ei adroddiad, a byddwn yn dweud wrthych beth a wnawn.
standing-state-stage3-answered = Mae ein hateb yng ngham 3 gennych.
standing-state-paused = Mae eich cwyn yn aros am lys neu’r heddlu. Mae’r amser ar gyfer ein hateb yn sefyll yn llonydd tan hynny.
standing-state-withdrawn = Rydych wedi tynnu eich cwyn yn ôl. Os newidiwch eich meddwl, dywedwch wrthym.
standing-state-not-accepted = Dywedasom wrthych na allwn dderbyn hyn fel cwyn, a pham.
standing-state-closed = Rydym wedi cau hwn. Gallwch ysgrifennu atom amdano o hyd.
standing-state-merged = Rydym yn edrych i mewn i hyn ynghyd â neges arall am yr un mater.
standing-merged-into = Rydym yn edrych i mewn i hyn ynghyd â { $reference }, sy’n ymwneud â’r un mater.
standing-was = Ei gyfeirnod oedd { $reference } o’r blaen. Rydym yn edrych i mewn iddo ynghyd â neges arall am yr un mater.

# Which procedure it follows. -perhaps: nobody has decided yet.
standing-procedure-statutory = Mae’n dilyn trefn gwynion gofal cymdeithasol plant, sydd â thri cham. Y gyfraith ar ei chyfer yw Deddf Plant 1989.
standing-procedure-corporate = Mae’n dilyn trefn gwynion y cyngor ei hun, sydd â dau gam.
standing-procedure-statutory-perhaps = Credwn ei bod yn perthyn i drefn gwynion gofal cymdeithasol plant. Mae person yn gwirio hyn.
standing-procedure-corporate-perhaps = Credwn ei bod yn perthyn i drefn gwynion y cyngor ei hun. Mae person yn gwirio hyn.

# What happens next. -late: that day is over.
standing-next-decide = Byddwn yn dweud wrthych erbyn { $date } sut rydym yn delio ag ef.
standing-next-decide-late = Dylem fod wedi dweud wrthych erbyn { $date } sut rydym yn delio ag ef. Mae’n ddrwg gennym nad ydym wedi gwneud hynny.
standing-next-answer = Byddwn yn eich ateb erbyn { $date }.
standing-next-answer-late = Dylem fod wedi eich ateb erbyn { $date }. Mae’n ddrwg gennym nad ydym wedi gwneud hynny. Gallwch ein ffonio a gofyn pam.
standing-next-look-again = Ar { $date } byddwn yn edrych a all fynd ymlaen.
standing-next-look-again-late = Ar { $date } roeddem i edrych a all fynd ymlaen. Gallwch ein ffonio a gofyn.
standing-next-panel = Bydd y panel yn cyfarfod erbyn { $date }.
standing-next-panel-late = Dylai’r panel fod wedi cyfarfod erbyn { $date }. Mae’n ddrwg gennym nad yw wedi gwneud hynny. Gallwch ein ffonio a gofyn pam.
standing-next-panel-fixed = Bydd y panel yn cyfarfod ar { $date }. Mae gwahoddiad i chi.
standing-next-panel-fixed-late = Roedd y panel i gyfarfod ar { $date }.
standing-next-report = Bydd y panel yn gwneud ei adroddiad erbyn { $date }.
standing-next-report-late = Dylai’r panel fod wedi gwneud ei adroddiad erbyn { $date }. Mae’n ddrwg gennym nad yw wedi gwneud hynny. Gallwch ein ffonio a gofyn pam.
standing-next-ask = Os nad ydych yn fodlon, gallwch ofyn am gam { $stage } tan { $date }. Gwnaiff unrhyw eiriau’r tro.
standing-next-ask-late = Gallech ofyn am gam { $stage } tan { $date }. Os ydych ei eisiau o hyd, dywedwch wrthym, a dywedwch pam ei bod yn hwyrach.
standing-next-ombudsman = Os nad ydych yn fodlon, gallwch fynd at y { $name }. Mae’n edrych i mewn i gwynion am gynghorau, ac mae am ddim. Ffôn: { $phone }.
standing-ombudsman-any-time = Gallwch ofyn i’r { $name } am gyngor unrhyw bryd. Mae am ddim. Ffôn: { $phone }.

# What changed.
standing-change-extended = Ar { $date } dywedasom wrthych fod ein hateb yng ngham { $stage } yn cymryd mwy o amser.
standing-change-route = Ar { $date } dywedasom wrthych pa drefn y mae’n ei dilyn.
standing-change-advocate-wanted = Ers { $date } safodd yr amser ar gyfer ein hateb yn llonydd, fel y gellid dod o hyd i eiriolwr.
standing-change-paused = Ar { $date } dywedasom wrthych fod yn rhaid iddo, neu ran ohono, aros.
standing-change-resumed = Ers { $date } mae’n mynd ymlaen.
standing-change-next-stage = Ar { $date } gofynasoch am gam { $stage }.
standing-change-next-stage-refused = Ar { $date } dywedasom wrthych nad yw’n mynd i gam { $stage }, a pham.
standing-change-not-accepted = Ar { $date } dywedasom wrthych na allwn ei dderbyn fel cwyn, a pham.
standing-change-statement-agreed = Ar { $date } cytunasom â chi am beth y mae’r gŵyn.
standing-change-panel-fixed = Diwrnod y panel yw { $date }.
standing-change-papers-sent = Ar { $date } anfonasom y papurau ar gyfer y panel atoch.
standing-change-withdrawn = Ar { $date } tynasoch eich cwyn yn ôl.
standing-change-early-referral = Ar { $date } dywedasom wrthych y gallwch fynd at yr Ombwdsmon heb banel.
standing-change-closed = Ar { $date } fe’i caewyd gennym.
standing-change-reopened = Ar { $date } fe’i hagorwyd eto gennym.

# What was answered.
standing-answer = Ein hateb yng ngham { $stage }, ar { $date }: { $outcome }
standing-outcome-upheld = cadarnhawyd. Roeddech yn iawn.
standing-outcome-partly-upheld = cadarnhawyd yn rhannol. Roeddech yn iawn am rywfaint ohono.
standing-outcome-not-upheld = ni chadarnhawyd. Ni chawsom i bethau fynd o chwith.
standing-outcome-no-finding = dim canfyddiad. Ni allem ddweud beth ddigwyddodd.
standing-outcome-not-investigated = ni edrychwyd i mewn iddo. Mae’r llythyr yn dweud pam.
standing-outcome-resolved = wedi’i setlo fel y cytunasom â chi.
standing-outcome-referred = wedi’i drosglwyddo i rywun arall. Mae’r llythyr yn dweud i bwy.
standing-outcome-withdrawn = wedi’i dynnu’n ôl gennych chi.

# What was promised. $all and $done are numbers.
standing-promises =
    { $all ->
        [one] Addawsom wneud un peth.
       *[other] Addawsom wneud { $all } o bethau.
    } { $done ->
        [0] Nid yw wedi’i wneud eto.
        [one] Mae un wedi’i wneud.
       *[other] Mae { $done } wedi’u gwneud.
    }

# Who deals with it.
standing-who = Mae { $name }, { $role }, yn delio ag ef. Ffôn: { $phone }.
standing-who-team = Mae { $name } yn delio ag ef. Ffôn: { $phone }.
standing-role-officer = swyddog cwynion
standing-role-complaints-manager = rheolwr cwynion

# By which rule. In English the rule is shown as officers read it, with its source.
standing-rule-decide-3 = Dywedwn wrthych o fewn { $days } diwrnod gwaith i’r diwrnod y cawsom ef.
standing-rule-s1-10 = Daw’r ateb yng ngham 1 o fewn { $days } diwrnod gwaith i’r diwrnod y cawsom ef.
standing-rule-s1-20 = Daw’r ateb yng ngham 1 o fewn { $days } diwrnod gwaith i’r diwrnod y cawsom ef, pan fo’n gymhleth.
standing-rule-c1-10 = Daw’r ateb yng ngham 1 o fewn { $days } diwrnod gwaith i’r diwrnod y gwnaethom ei gydnabod.
standing-rule-c1-10-and-10 = Daw’r ateb yng ngham 1, gyda mwy o amser, o fewn { $days } diwrnod gwaith i’r diwrnod y gwnaethom ei gydnabod.
standing-rule-s2-25 = Daw’r ateb yng ngham 2 o fewn { $days } diwrnod gwaith i’r diwrnod y gofynasoch amdano.
standing-rule-s2-65 = Daw’r ateb yng ngham 2 o fewn { $days } diwrnod gwaith i’r diwrnod y gofynasoch amdano, fan bellaf.
standing-rule-c2-20 = Daw’r ateb yng ngham 2 o fewn { $days } diwrnod gwaith i’r diwrnod y gwnaethom gydnabod eich bod wedi gofyn amdano.
standing-rule-c2-20-and-20 = Daw’r ateb yng ngham 2, gyda mwy o amser, o fewn { $days } diwrnod gwaith i’r diwrnod y gwnaethom gydnabod eich bod wedi gofyn amdano.
standing-rule-s3-panel-30 = Bydd y panel yn cyfarfod o fewn { $days } diwrnod gwaith i’r diwrnod y gofynasoch amdano.
standing-rule-s3-report-5 = Bydd y panel yn adrodd o fewn { $days } diwrnod gwaith i’r diwrnod y cyfarfu.
standing-rule-s3-resp-15 = Atebwn o fewn { $days } diwrnod gwaith i adroddiad y panel.
