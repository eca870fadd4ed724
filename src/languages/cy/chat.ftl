# Draft: to be read by a person who speaks the language before it is used.

chat-button-status = Ble mae pethau arni?
chat-button-add = Ychwanegu rhywbeth
chat-button-talk = Siarad â pherson
chat-button-formal = Ei gwneud yn gŵyn ffurfiol
chat-button-withdraw = Ei thynnu’n ôl
chat-button-withdraw-yes = Ie, ei thynnu’n ôl
chat-button-withdraw-no = Na, dal ati
chat-button-advocacy = Cymorth am ddim
chat-button-languages = Iaith
chat-button-stop = Stopio negeseuon yma
chat-button-email = Rwy’n ebostio hefyd
chat-button-more = Mwy
chat-button-help = Sut mae’n gweithio
chat-button-for-myself = Fi
chat-button-for-my-child = Fy mhlentyn
chat-button-for-another = Rhywun arall
chat-button-skip = Hepgor

chat-danger =
    Os ydych chi neu blentyn mewn perygl nawr, ffoniwch 999.
    I siarad â ni yn ystod oriau swyddfa: { $day }. Gyda’r nos ac ar benwythnosau: { $night }.
    Childline, am ddim ac yn breifat, ar unrhyw adeg: 0800 1111.

chat-ack-complaint = Diolch am ddweud wrthym. Mae eich cwyn gennym. Bydd person yn edrych i mewn iddi.
chat-ack-message = Diolch. Mae eich neges gennym a bydd person yn ei darllen.
chat-ack-reference = Eich cyfeirnod: { $reference }
chat-ack-received = Fe’i cawsom drwy neges ar Telegram { $moment }.
chat-ack-answer = Byddwn yn ateb erbyn { $day }.
chat-ack-statutory = Rydym yn meddwl mai cwyn am ofal cymdeithasol plant yw hi, cam 1.
chat-ack-corporate = Rydym yn meddwl mai cwyn am y cyngor yw hi, cam 1.
chat-ack-statutory-sure = Cwyn am ofal cymdeithasol plant yw hi, cam 1.
chat-ack-corporate-sure = Cwyn am y cyngor yw hi, cam 1.
chat-ack-undecided = Byddwn yn dweud wrthych erbyn { $day } pa drefn sy’n berthnasol.
chat-ack-closed = Mae ein swyddfeydd ar gau ar rai dyddiau cyn hynny. Nid yw dyddiad eich ateb yn newid.
chat-ack-ask = Pwy i’w holi: { $officer }, { $phone }
chat-ack-again = Ysgrifennwch atom yma eto unrhyw bryd.
chat-ack-page = Gweld ble mae hi arni: { $url }
chat-ack-help = Cymorth am ddim gan rywun nad yw’n gweithio i ni: { $advocacy }, { $advocacyphone }
chat-ack-how = Sut mae’n gweithio: { $url }
chat-ack-ombudsman = Gallwch hefyd ofyn i’r { $ombudsman }: { $ombudsmanphone }
chat-ack-safe = Ni fydd cwyno yn effeithio ar eich gwasanaeth. Dywedwch os oes angen hyn arnoch mewn ffurf neu iaith arall.

chat-greeting =
    Helo. Dyma { $council }. Gallwch ddweud wrthym yma beth sydd o’i le gyda gwasanaethau plant.

    Ysgrifennwch yn eich geiriau eich hun, mewn un neges neu sawl un. Mae llun neu neges lais yn iawn hefyd.

    Rydym yn ateb ar unwaith, gyda chyfeirnod, dyddiad ein hateb a phwy i’w holi. Mae person yn darllen yr hyn a ysgrifennwch.

    { danger-line }

    A fyddai’n well gennych siarad? Ffoniwch { $phone }.
    Cymorth am ddim gan rywun nad yw’n gweithio i ni: { $advocacy }, { $advocacyphone }

chat-question-who = Mae un peth yn ein helpu, os ydych am ddweud wrthym: am bwy mae hyn?
chat-question-name = Diolch. Beth gawn ni eich galw? Nid oes rhaid rhoi enw.
chat-noted = Diolch, mae hynny’n helpu. Nid oes rhaid i chi wneud dim byd arall.
chat-skipped = Mae hynny’n iawn. Nid oes rhaid ateb. Byddwn yn edrych i mewn i’r mater yr un fath.
chat-added = Diolch. Mae’r hyn a anfonoch gyda { $reference } nawr.
chat-nothing-yet = Nid ydych wedi dweud dim wrthym yma eto. Ysgrifennwch beth ddigwyddodd, yn eich geiriau eich hun, a byddwn yn ateb ar unwaith.
chat-add =
    Ysgrifennwch yma, neu anfonwch lun, neges lais neu ffeil. Mae’n mynd at { $reference }.
    Nid oes rhaid dweud eto yr hyn rydych wedi’i ddweud wrthym.
chat-file-too-large = Mae eich neges gennym, ond nid y ffeil: mae’n rhy fawr i ni ei chael oddi yma. 20 MB yw’r mwyaf. Gallwch ei hebostio at { $email } gan roi { $reference }, neu ddweud wrthym yma beth mae’n ei ddangos.
chat-talk-known =
    Gallwch ffonio { $officer } ar { $phone }.
    Rydym wedi dweud wrthynt eich bod am siarad. Os hoffech iddynt eich ffonio, ysgrifennwch yma ar ba rif a phryd.
chat-talk = Gallwch ffonio { $officer } ar { $phone }.
chat-formal =
    Rydym wedi dweud wrth { $officer } eich bod am i { $reference } fod yn gŵyn ffurfiol.
    Byddant yn ei darllen ac yn dweud wrthych pa drefn sy’n berthnasol, beth sy’n digwydd ynddi, ac erbyn pryd. Nid oes rhaid ysgrifennu dim eto.
chat-withdraw-sure =
    Ydych chi am dynnu { $reference } yn ôl?
    Nid oes rhaid dweud pam. Nid yw dim a ddywedoch wrthym yn cael ei ddileu, a gallwch newid eich meddwl.
chat-withdrawn =
    Rydym wedi dweud wrth { $officer } eich bod am dynnu { $reference } yn ôl. Byddant yn cadarnhau hynny i chi.
    Os newidiwch eich meddwl, ysgrifennwch yma. Os gwnaeth unrhyw un i chi deimlo bod rhaid ei thynnu’n ôl, dywedwch wrthym, neu ffoniwch { $phone }.
chat-not-withdrawn = Mae hynny’n iawn. Mae popeth yn aros fel yr oedd.
chat-advocacy =
    Gallwch gael rhywun ar eich ochr chi nad yw’n gweithio i ni: eiriolwr. Mae am ddim ac yn breifat.
    Maent yn eich helpu i ddweud yr hyn rydych ei eisiau, a gallant ddod i gyfarfodydd gyda chi.
    { $advocacy }: { $advocacyphone }
    { $advocacyurl }
chat-languages = Pa iaith gawn ni ei defnyddio yma?
chat-language-set = Rydym yn defnyddio Cymraeg yma nawr.
chat-stopped =
    Nid ydym yn anfon dim mwy yma, ac eithrio’r hyn y mae’r gyfraith yn ei fynnu: ein hateb, a gair os bydd ei ddyddiad yn newid.
    Rydym yn dal i edrych i mewn i’r hyn a ddywedoch. Os ysgrifennwch yma eto, byddwn yn ateb eto.
chat-more = Beth hoffech chi ei wneud?
chat-help =
    Sut mae’n gweithio

    1. Rydych yn dweud wrthym yma beth sydd o’i le, yn eich geiriau eich hun.
    2. Rydym yn ateb ar unwaith gyda chyfeirnod, dyddiad ac enw.
    3. Mae person yn ei darllen ac yn canfod beth ddigwyddodd.
    4. Rydych yn cael ein hateb, gyda rhesymau, erbyn y dyddiad a roesom i chi.
    5. Os nad ydych yn fodlon arno, gallwch ofyn i ni edrych eto. Wedyn mae’r Ombwdsmon, sy’n annibynnol.

    Ni fydd cwyno yn effeithio ar eich gwasanaeth.
    Gallwch deipio /status, /language, /stop neu /help unrhyw bryd.
chat-group = Nid yw hwn yn lle preifat, felly ni allwn siarad am achos neb yma. Tapiwch ein henw ac ysgrifennwch atom yno: wedyn dim ond chi a ni all ei weld.
chat-ask-address =
    O ba gyfeiriad ebost rydych chi’n ysgrifennu? Teipiwch ef yma.
    Rydym yn anfon cod ato, ac rydych yn teipio’r cod yma. Wedyn daw’r hyn a anfonwch yn y ddau le at ei gilydd.
chat-code-sent =
    Os yw { $address } yn derbyn ebost, mae cod o chwe rhif ar ei ffordd. Teipiwch ef yma o fewn 15 munud.
    Methu ei weld? Edrychwch yn y post sothach hefyd.
chat-code-subject = Eich cod: { $code }
chat-code-mail =
    Eich cod yw { $code }. Mae’n gweithio am 15 munud.

    Mae rhywun sy’n ysgrifennu at { $council } drwy sgwrs yn dweud mai eu cyfeiriad nhw yw hwn hefyd. Os mai chi yw hynny, teipiwch y cod yno.

    Os nad chi yw hynny, peidiwch â gwneud dim: heb y cod nid oes dim yn digwydd.
chat-joined = Diolch. Mae’r hyn a ysgrifennwch yma a’r hyn a anfonwch drwy ebost yn dod at ei gilydd nawr.
chat-code-wrong = Nid hwnnw yw’r cod. Edrychwch eto, a theipiwch y chwe rhif.
chat-code-over = Nid yw’r cod hwnnw’n gweithio mwyach. Gallwch ofyn am un arall: pwyswch “{ chat-button-email }”.
chat-status-which = Pa un?
chat-again = Efallai fod y neges hon gennych eisoes. Rydym yn ei hanfon eto i fod yn siŵr.
