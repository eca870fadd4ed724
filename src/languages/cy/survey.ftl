# Draft: to be read by a person who speaks the language before it is used.

# What a family is asked after the end of its case.
survey-title = Sut wnaethon ni?
survey-lead = Pum cwestiwn byr ac un llinell rydd. Nid oes rhaid i chi ateb yr un ohonynt.
survey-nobody = Caiff eich atebion eu cyfrif gyda rhai pobl eraill. Ni all neb weld pa rai yw eich rhai chi.
survey-easy = Roedd yn hawdd dweud wrthych
survey-known = Roeddwn yn gwybod beth fyddai’n digwydd, a phryd
survey-heard = Gwrandawyd arnaf
survey-dealt = Roedd eich ateb yn delio â’r hyn a ddywedais
survey-again = Byddwn yn dweud wrthych eto pe bai rhywbeth o’i le
survey-choice-1 = Rwy’n cytuno
survey-choice-2 = Rwy’n cytuno gan mwyaf
survey-choice-3 = Rhywle yn y canol
survey-choice-4 = Rwy’n anghytuno gan mwyaf
survey-choice-5 = Rwy’n anghytuno
survey-choice-none = Byddai’n well gennyf beidio â dweud
survey-line = Unrhyw beth yr hoffech ei ychwanegu
survey-line-hint = Mae person yn y tîm cwynion yn darllen y llinell hon, a bydd eich enw gyda hi. Os oes rhywbeth newydd o’i le, neu os ydych yn cael eich trin yn waeth am i chi gwyno, ysgrifennwch hynny yma. Nid yw’r bobl y gwnaethoch gwyno amdanynt yn ei gweld.
survey-line-long = Rhaid i’r hyn a ychwanegwch fod yn { $most } nod neu lai
survey-nothing = Nid ydych wedi ateb dim eto. Dewiswch ateb i un cwestiwn, neu ysgrifennwch rywbeth yn y llinell
survey-send = Anfon
survey-thanks = Diolch
survey-thanks-text = Mae eich atebion gennym. Os gwnaethoch ychwanegu rhywbeth, bydd person yn y tîm cwynion yn ei ddarllen. Os ydych am siarad â ni, ffoniwch { $phone }.
survey-none = Ni ellir defnyddio’r ddolen hon
survey-none-text = Efallai ei bod wedi’i defnyddio, wedi dod i ben, neu fod rhan ohoni ar goll. Os ydych wedi anfon eich atebion, maent gennym. Os ydych am ddweud rhywbeth wrthym, ffoniwch { $phone }.
track-letter-survey = Ychydig gwestiynau am sut wnaethon ni
survey-privacy = Ar ôl y diwedd efallai y byddwn yn gofyn i chi sut wnaethon ni. Dim ond cyfrif eich atebion a wnawn: ni all neb weld pa rai yw eich rhai chi. Cedwir yr hyn a ysgrifennwch fel unrhyw neges arall.
