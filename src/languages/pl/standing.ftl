# Draft: to be read by a person who speaks the language before it is used.

# Where a case stands, as its family reads it: on the tracker's page, in a chat, in a letter. One sentence or two for each fact.
standing-reference = Numer Twojej sprawy to { $reference }.
standing-received = Otrzymaliśmy ją: { $date }.

# Where it stands now.
standing-state-to-confirm = Mamy to, co przysłano. Osoba z naszego zespołu czyta to i sprawdza, jak się tym zająć.
standing-state-no-complaint = Mamy to, co przysłano, i nie traktujemy tego jako skargi. Jeśli chcesz złożyć skargę, powiedz nam. Nie potrzeba formularza ani specjalnych słów.
standing-state-concern = Przyglądamy się temu, co nam powiedziano. Na razie nie jest to formalna skarga. Jeśli ma nią być, powiedz nam.
standing-state-undecided = Rozpatrujemy Twoją skargę. Są dwie procedury skarg dotyczących usług dla dzieci i decydujemy, która jest właściwa. Nie tracisz przez to czasu.
standing-state-stage1 = Rozpatrujemy Twoją skargę. Jest na etapie 1.
standing-state-advocate-wanted = Szukamy dla Ciebie rzecznika: kogoś niezależnego, kto pomoże Ci powiedzieć, czego chcesz. Do tego czasu termin naszej odpowiedzi nie biegnie.
standing-state-stage1-answered = Masz naszą odpowiedź na etapie 1.
standing-state-stage2 = Twoja skarga jest na etapie 2. Rozpatruje ją ktoś, kto wcześniej się nią nie zajmował.
standing-state-stage2-answered = Masz naszą odpowiedź na etapie 2.
standing-state-stage3 = Twoja skarga jest na etapie 3. Zbierze się komisja.
standing-state-panel-held = Twoja skarga jest na etapie 3. Komisja się zebrała i pisze sprawozdanie.
standing-state-panel-reported = Twoja skarga jest na etapie 3. Komisja przedstawiła sprawozdanie, a my powiemy Ci, co z tym zrobimy.
standing-state-stage3-answered = Masz naszą odpowiedź na etapie 3.
standing-state-paused = Twoja skarga czeka na sąd lub policję. Do tego czasu termin naszej odpowiedzi nie biegnie.
standing-state-withdrawn = Skarga została wycofana na Twoją prośbę. Jeśli zmienisz zdanie, powiedz nam.
standing-state-not-accepted = Powiedzieliśmy Ci, że nie możemy przyjąć tego jako skargi, i dlaczego.
standing-state-closed = Zamknęliśmy tę sprawę. Nadal możesz do nas w niej pisać.
standing-state-merged = Rozpatrujemy to razem z inną wiadomością w tej samej sprawie.
standing-merged-into = Rozpatrujemy to razem ze sprawą { $reference }, która dotyczy tego samego.
standing-was = Poprzedni numer to { $reference }. Rozpatrujemy to razem z inną wiadomością w tej samej sprawie.

# Which procedure it follows. -perhaps: nobody has decided yet.
standing-procedure-statutory = Podlega procedurze skarg dotyczących opieki społecznej nad dziećmi, która ma trzy etapy. Podstawą jest Children Act 1989.
standing-procedure-corporate = Podlega własnej procedurze skarg samorządu, która ma dwa etapy.
standing-procedure-statutory-perhaps = Sądzimy, że podlega procedurze skarg dotyczących opieki społecznej nad dziećmi. Ktoś to sprawdza.
standing-procedure-corporate-perhaps = Sądzimy, że podlega własnej procedurze skarg samorządu. Ktoś to sprawdza.

# What happens next. -late: that day is over.
standing-next-decide = Najpóźniej { $date } powiemy Ci, jak się tym zajmiemy.
standing-next-decide-late = Mieliśmy powiedzieć Ci najpóźniej { $date }, jak się tym zajmiemy. Przepraszamy, że tego nie zrobiliśmy.
standing-next-answer = Odpowiemy Ci najpóźniej: { $date }.
standing-next-answer-late = Mieliśmy odpowiedzieć Ci najpóźniej: { $date }. Przepraszamy, że tego nie zrobiliśmy. Możesz zadzwonić i zapytać dlaczego.
standing-next-look-again = Dnia { $date } sprawdzimy, czy można iść dalej.
standing-next-look-again-late = Dnia { $date } mieliśmy sprawdzić, czy można iść dalej. Możesz zadzwonić i zapytać.
standing-next-panel = Komisja zbierze się najpóźniej: { $date }.
standing-next-panel-late = Komisja miała się zebrać najpóźniej: { $date }. Przepraszamy, że tak się nie stało. Możesz zadzwonić i zapytać dlaczego.
standing-next-panel-fixed = Komisja zbierze się: { $date }. Zapraszamy Cię.
standing-next-panel-fixed-late = Komisja miała się zebrać: { $date }.
standing-next-report = Komisja przedstawi sprawozdanie najpóźniej: { $date }.
standing-next-report-late = Komisja miała przedstawić sprawozdanie najpóźniej: { $date }. Przepraszamy, że tego nie zrobiła. Możesz zadzwonić i zapytać dlaczego.
standing-next-ask = Jeśli nie jesteś z tego zadowolony lub zadowolona, możesz poprosić o etap { $stage } do dnia: { $date }. Wystarczą dowolne słowa.
standing-next-ask-late = O etap { $stage } można było poprosić do dnia: { $date }. Jeśli nadal tego chcesz, powiedz nam i powiedz, dlaczego dopiero teraz.
standing-next-ombudsman = Jeśli się z tym nie zgadzasz, możesz zwrócić się do: { $name }. Rozpatruje skargi na samorządy, bezpłatnie. Telefon: { $phone }.
standing-ombudsman-any-time = W każdej chwili możesz poprosić o radę: { $name }. To nic nie kosztuje. Telefon: { $phone }.

# What changed.
standing-change-extended = Dnia { $date } powiedzieliśmy Ci, że nasza odpowiedź na etapie { $stage } potrwa dłużej.
standing-change-route = Dnia { $date } powiedzieliśmy Ci, jakiej procedurze to podlega.
standing-change-advocate-wanted = Od dnia { $date } termin naszej odpowiedzi nie biegł, aby można było znaleźć rzecznika.
standing-change-paused = Dnia { $date } powiedzieliśmy Ci, że całość lub część musi poczekać.
standing-change-resumed = Od dnia { $date } sprawa toczy się dalej.
standing-change-next-stage = Dnia { $date } poproszono o etap { $stage }.
standing-change-next-stage-refused = Dnia { $date } powiedzieliśmy Ci, że nie będzie etapu { $stage }, i dlaczego.
standing-change-not-accepted = Dnia { $date } powiedzieliśmy Ci, że nie możemy przyjąć tego jako skargi, i dlaczego.
standing-change-statement-agreed = Dnia { $date } uzgodniliśmy z Tobą, czego dotyczy skarga.
standing-change-panel-fixed = Dzień komisji to { $date }.
standing-change-papers-sent = Dnia { $date } wysłaliśmy Ci dokumenty dla komisji.
standing-change-withdrawn = Dnia { $date } skarga została wycofana na Twoją prośbę.
standing-change-early-referral = Dnia { $date } powiedzieliśmy Ci, że możesz zwrócić się do Rzecznika bez komisji.
standing-change-closed = Dnia { $date } zamknęliśmy sprawę.
standing-change-reopened = Dnia { $date } ponownie otworzyliśmy sprawę.

# What was answered.
standing-answer = Nasza odpowiedź na etapie { $stage }, { $date }: { $outcome }
standing-outcome-upheld = skarga uznana. Racja była po Twojej stronie.
standing-outcome-partly-upheld = skarga uznana częściowo. W części racja była po Twojej stronie.
standing-outcome-not-upheld = skarga nieuznana. Nie stwierdziliśmy, że coś poszło źle.
standing-outcome-no-finding = brak ustaleń. Nie dało się stwierdzić, co się stało.
standing-outcome-not-investigated = nie rozpatrzono. List mówi dlaczego.
standing-outcome-resolved = załatwione tak, jak z Tobą uzgodniliśmy.
standing-outcome-referred = przekazane komuś innemu. List mówi komu.
standing-outcome-withdrawn = wycofane na Twoją prośbę.

# What was promised. $all and $done are numbers.
standing-promises =
    { $all ->
        [one] Obiecaliśmy zrobić jedną rzecz.
        [few] Obiecaliśmy zrobić { $all } rzeczy.
       *[other] Obiecaliśmy zrobić { $all } rzeczy.
    } { $done ->
        [0] Jeszcze tego nie zrobiono.
        [one] Zrobiono jedną.
       *[other] Zrobiono: { $done }.
    }

# Who deals with it.
standing-who = Sprawą zajmuje się { $name }, { $role }. Telefon: { $phone }.
standing-who-team = Sprawą zajmuje się { $name }. Telefon: { $phone }.
standing-role-officer = specjalista do spraw skarg
standing-role-complaints-manager = kierownik do spraw skarg

# By which rule. In English the rule is shown as officers read it, with its source.
standing-rule-decide-3 = Powiemy Ci w ciągu { $days } dni roboczych od dnia otrzymania.
standing-rule-s1-10 = Odpowiedź na etapie 1 przychodzi w ciągu { $days } dni roboczych od dnia otrzymania.
standing-rule-s1-20 = Odpowiedź na etapie 1 przychodzi w ciągu { $days } dni roboczych od dnia otrzymania, gdy sprawa jest złożona.
standing-rule-c1-10 = Odpowiedź na etapie 1 przychodzi w ciągu { $days } dni roboczych od dnia, w którym potwierdziliśmy odbiór.
standing-rule-c1-10-and-10 = Odpowiedź na etapie 1, z przedłużeniem, przychodzi w ciągu { $days } dni roboczych od dnia, w którym potwierdziliśmy odbiór.
standing-rule-s2-25 = Odpowiedź na etapie 2 przychodzi w ciągu { $days } dni roboczych od dnia prośby o ten etap.
standing-rule-s2-65 = Odpowiedź na etapie 2 przychodzi najpóźniej w ciągu { $days } dni roboczych od dnia prośby o ten etap.
standing-rule-c2-20 = Odpowiedź na etapie 2 przychodzi w ciągu { $days } dni roboczych od dnia, w którym potwierdziliśmy prośbę.
standing-rule-c2-20-and-20 = Odpowiedź na etapie 2, z przedłużeniem, przychodzi w ciągu { $days } dni roboczych od dnia, w którym potwierdziliśmy prośbę.
standing-rule-s3-panel-30 = Komisja zbiera się w ciągu { $days } dni roboczych od dnia prośby.
standing-rule-s3-report-5 = Komisja przedstawia sprawozdanie w ciągu { $days } dni roboczych od posiedzenia.
standing-rule-s3-resp-15 = Odpowiadamy w ciągu { $days } dni roboczych od sprawozdania komisji.
