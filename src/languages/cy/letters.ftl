# Draft: to be read by a person who speaks the language before it is used.

# Letters by mail. Days begin with “dydd”: no word before them may change it to “ddydd” (as ar and tan do).

letter-dear = Annwyl { $name },
letter-hello = Helo,
letter-in-english = Yr un peth yn Saesneg
letter-officer = { $name }
letter-email = E-bost: { $address }
letter-phone = Ffôn: { $phone }

# How a message reached us.
letter-how-mail = drwy e-bost
letter-how-mail-to = drwy e-bost at { $address }
letter-how-form = drwy’r ffurflen ar ein gwefan
letter-how-chat = drwy neges ar Telegram
letter-how-passed-on = drwy e-bost a drosglwyddwyd i ni gan aelod o’n staff
letter-how-manager = mewn e-bost at reolwr
letter-how-survey = gyda’ch atebion i’n cwestiynau

# How to answer.
letter-follow-case = Atebwch yr e-bost hwn unrhyw bryd. Bydd eich ateb yn cyrraedd yr un achos.
letter-follow-mail = Atebwch yr e-bost hwn, neu ffoniwch ni.
letter-follow-chat = Ysgrifennwch atom yma eto unrhyw bryd.
letter-follow-survey-mail = Os atebwch yr e-bost hwn, bydd eich ateb yn mynd at y bobl sy’n delio â’ch cwyn.
letter-follow-survey-chat = Mae’r hyn a ysgrifennwch yn y sgwrs hon yn mynd at y bobl sy’n delio â’ch cwyn.

# Days when we are closed.
letter-closed = Pryd y bydd ein swyddfeydd ar gau: { $days }. Nid yw dyddiad eich ateb yn newid.
letter-and = { $first } a { $last }

# Above a letter in English.
letter-lead = Mae’r llythyr hwn am { $reference }. Mae wedi’i ysgrifennu yn Saesneg. Os ydych am ei gael yn Gymraeg, neu am i ni ei ddarllen i chi, ffoniwch { $phone } neu atebwch y llythyr yn Gymraeg. Nid yw’n costio dim i chi.
letter-lead-answer = Dyma ein hateb yng ngham { $stage }.
letter-lead-ask = Os nad ydych yn fodlon, gallwch ofyn am gam { $next }. Gofynnwch erbyn { $date }. Gwnaiff unrhyw eiriau’r tro, yn Gymraeg hefyd.
letter-lead-longer = Mae ein hateb yn cymryd mwy o amser. Byddwch yn ei gael erbyn { $date }.

# The acknowledgement.
letter-ack-subject-complaint = Rydym wedi cael eich cwyn – { $reference }
letter-ack-subject-message = Rydym wedi cael eich neges – { $reference }
letter-ack-heading-complaint = Rydym wedi cael eich cwyn
letter-ack-heading-message = Rydym wedi cael eich neges
letter-ack-thanks-complaint = Diolch am ddweud wrthym. Mae’n ddrwg gennym eich bod wedi gorfod cwyno. Mae eich cwyn gennym a byddwn yn edrych i mewn iddi.
letter-ack-thanks-message = Diolch am eich neges. Mae hi gennym a bydd person yn ei darllen.
letter-ack-reference = Eich cyfeirnod yw { $reference }
letter-ack-keep = Cadwch ef, os gwelwch yn dda, a rhowch ef pan fyddwch yn ysgrifennu atom neu’n ein ffonio.
letter-ack-received = Beth a gawsom
letter-ack-received-complaint = Cawsom eich cwyn { $how }. Y dyddiad a’r amser: { $moment }.
letter-ack-received-message = Cawsom eich neges { $how }. Y dyddiad a’r amser: { $moment }.
letter-ack-when = Pryd y clywch gennym
letter-ack-answer-by = Byddwn yn eich ateb erbyn { $day }.
letter-ack-longer = Os bydd angen mwy o amser arnom, byddwn yn ysgrifennu atoch cyn y diwrnod hwnnw. Byddwn yn dweud wrthych pam ac yn rhoi dyddiad newydd i chi.
letter-ack-next = Beth sy’n digwydd nesaf
letter-ack-next-team = Byddwn yn gwneud yn siŵr bod eich neges gan y tîm cywir.
letter-ack-next-check = Byddwn yn gwirio erbyn { $day } a ddylem ddelio â’ch neges fel cwyn, ac yn dweud wrthych os felly.
letter-ack-next-complain = Os ydych am gwyno, atebwch a dywedwch hynny wrthym. Nid oes angen ffurflen nac unrhyw eiriau arbennig arnoch.
letter-ack-next-statutory-sure = Byddwn yn delio â’ch cwyn o dan drefn gwynion gofal cymdeithasol plant. Y gyfraith ar ei chyfer yw Deddf Plant 1989. Mae gan y drefn dri cham, a hwn yw’r cyntaf.
letter-ack-next-statutory = Credwn fod eich cwyn yn perthyn i drefn gwynion gofal cymdeithasol plant. Y gyfraith ar ei chyfer yw Deddf Plant 1989. Mae gan y drefn dri cham, a hwn yw’r cyntaf.
letter-ack-next-corporate-sure = Byddwn yn delio â’ch cwyn o dan drefn gwynion y cyngor ei hun. Mae gan y drefn ddau gam, a hwn yw’r cyntaf.
letter-ack-next-corporate = Credwn fod eich cwyn yn perthyn i drefn gwynion y cyngor ei hun. Mae gan y drefn ddau gam, a hwn yw’r cyntaf.
letter-ack-next-officer = Bydd swyddog cwynion yn gwirio hyn erbyn { $day }. Os trefn arall yw’r un gywir, byddwn yn dweud wrthych pa un a pham.
letter-ack-next-officer-some-day = Bydd swyddog cwynion yn gwirio hyn. Os trefn arall yw’r un gywir, byddwn yn dweud wrthych pa un a pham.
letter-ack-next-undecided = Mae dwy drefn ar gyfer cwynion am wasanaethau plant. Rydym yn penderfynu pa un yw’r un gywir ar gyfer eich cwyn chi, a byddwn yn dweud wrthych erbyn { $day }.
letter-ack-next-undecided-some-day = Mae dwy drefn ar gyfer cwynion am wasanaethau plant. Rydym yn penderfynu pa un yw’r un gywir ar gyfer eich cwyn chi.
letter-ack-next-no-loss = Nid ydych yn colli amser tra byddwn yn penderfynu.
letter-ack-how = Darllenwch sut rydym yn delio â chwynion
letter-ack-who = Pwy i’w holi
letter-ack-more = I ddweud mwy wrthym, neu i ofyn ble mae pethau arni
letter-ack-page-complaint = Gweld unrhyw bryd ble mae eich cwyn arni
letter-ack-page-message = Gweld unrhyw bryd ble mae eich neges arni
letter-ack-help = Cymorth am ddim
letter-ack-help-somebody = Gallwch gael rhywun gyda chi pan fyddwch yn cwyno, neu ofyn i rywun siarad drosoch: ffrind, perthynas neu eiriolwr. Mae eiriolwr ar eich ochr chi. Mae’n eich helpu i ddweud yr hyn rydych am ei ddweud.
letter-ack-help-children = Mae gan blant a phobl ifanc hawl i eiriolwr pan fyddant yn cwyno am ofal cymdeithasol. Mae am ddim.
letter-ack-needs = Os oes angen gwneud pethau’n wahanol i chi
letter-ack-needs-text = Dywedwch wrthym os oes arnoch angen print bras, geiriau hawdd, iaith arall, cyfieithydd, neu alwad ffôn yn lle llythyr. Mae am ddim.
letter-ack-same = Ni fyddwch yn cael eich trin yn wahanol
letter-ack-same-text = Ni fydd cwyno yn effeithio ar eich gwasanaeth. Ni chewch chi na’ch teulu eich trin yn wahanol am i chi gysylltu â ni. Os teimlwch fod hynny’n digwydd, dywedwch wrth { $officer } ar unwaith, os gwelwch yn dda.
letter-ack-ombudsman = Yr Ombwdsmon
letter-ack-ombudsman-text = Mae’r { $ombudsman } yn edrych i mewn i gwynion am gynghorau. Mae am ddim ac nid yw’n perthyn i’r cyngor. Gallwch ofyn iddo am gyngor unrhyw bryd. Fel arfer bydd yn gofyn i chi adael i ni ateb yn gyntaf.
letter-ack-by-computer = Ein system a anfonodd y neges hon, er mwyn i chi glywed gennym ar unwaith. Bydd person yn darllen yr hyn a anfonoch ac yn eich ateb.

# To whoever says thank you.
letter-thanks-subject = Mae eich geiriau caredig gennym – { $reference }
letter-thanks-heading = Mae eich geiriau caredig gennym
letter-thanks-text = Diolch am ddweud wrthym beth aeth yn dda. Cawsom eich neges { $how }. Y dyddiad a’r amser: { $moment }. Mae person yn darllen eich neges.
letter-thanks-next = Rydym yn cofnodi eich neges, yn ei chyfrif yn ein hadroddiadau, ac yn trosglwyddo eich diolch i’r bobl a wnaeth yn dda. Maent yn falch o’i glywed, ac mae eraill yn dysgu ohono.
letter-thanks-wrong = A oes rhywbeth o’i le hefyd? Dywedwch wrthym. Nid oes angen ffurflen nac unrhyw eiriau arbennig arnoch.

# After the end: how we did.
letter-survey-subject = Sut wnaethon ni? – { $reference }
letter-survey-heading = Sut wnaethon ni?
letter-survey-text = Mae eich cwyn { $reference } wedi’i chau. Sut wnaethon ni? Mae pum cwestiwn byr ac un llinell rydd. Gallwch adael allan unrhyw beth a fynnwch:
letter-survey-nobody = Caiff eich atebion eu cyfrif gyda rhai pobl eraill. Nid oes neb yn gweld pa rai yw eich rhai chi: na’r bobl y gwnaethoch gwyno amdanynt, na ninnau. Mae person yn y tîm cwynion yn darllen yr hyn a ysgrifennwch yn y llinell rydd, a bydd eich enw gyda hi.
letter-survey-free = Nid oes rhaid i chi ateb. Nid oes dim yn newid i chi os na wnewch. Gellir defnyddio’r ddolen unwaith. Y diwrnod olaf i wneud hynny yw { $day }.

# After the end: how they were treated.
letter-check-in-subject = Sut ydych chi wedi cael eich trin ers hynny? – { $reference }
letter-check-in-heading = Sut ydych chi wedi cael eich trin ers hynny?
letter-check-in-text = Mae eich cwyn { $reference } wedi’i chau ers { $day }. Rydym yn gofyn yr un peth i bawb a gwynodd: a ydych chi neu eich plentyn wedi cael eich trin yn wahanol oherwydd y gŵyn?
letter-check-in-tell = Os felly, dywedwch wrthym. Bydd yr hyn a ddywedwch yn mynd at y rheolwr cwynion, nid at y bobl y gwnaethoch gwyno amdanynt. Os yw popeth yn iawn, nid oes rhaid i chi ateb.
letter-check-in-again = Os nad ydych am i ni ofyn eto, dywedwch hynny wrthym hefyd.
letter-check-in-help = Gallwch gael cymorth am ddim gan { $advocacy }, { $phone }.
letter-check-in-ombudsman = Gallwch hefyd fynd at y { $ombudsman } unrhyw bryd. Fel arfer bydd yr Ombwdsmon yn aros nes ein bod wedi gorffen.
