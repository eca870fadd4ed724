# Draft: to be read by a person who speaks the language before it is used.

letter-dear = Dzień dobry, { $name }.
letter-hello = Dzień dobry.
letter-in-english = To samo po angielsku
# Without the post: it would be read in English.
letter-officer = { $name }
letter-email = E-mail: { $address }
letter-phone = Telefon: { $phone }

# How a message reached us: goes into “Twoja skarga dotarła do nas …”.
letter-how-mail = e-mailem
letter-how-mail-to = e-mailem na adres { $address }
letter-how-form = przez formularz na naszej stronie internetowej
letter-how-chat = przez Telegram
letter-how-passed-on = e-mailem, a przekazał go nam ktoś z naszych pracowników
letter-how-manager = w e-mailu do kierownika
letter-how-survey = razem z Twoimi odpowiedziami na nasze pytania

# How to answer.
letter-follow-case = Na ten e-mail możesz odpowiedzieć w każdej chwili. Odpowiedź trafi do tej samej sprawy.
letter-follow-mail = Odpowiedz na ten e-mail albo zadzwoń do nas.
letter-follow-chat = Możesz tu do nas pisać w każdej chwili.
letter-follow-survey-mail = Odpowiedź na ten e-mail trafi do osób, które zajmują się Twoją skargą.
letter-follow-survey-chat = To, co napiszesz na tym czacie, trafi do osób, które zajmują się Twoją skargą.

# $days: one day, or several in a row by letter-and.
letter-closed = Nasze biura są zamknięte: { $days }. Termin odpowiedzi się nie zmienia.
letter-and = { $first } oraz { $last }

# Above a letter that an officer sends, which is in English.
letter-lead = Ten list dotyczy sprawy { $reference }. Jest po angielsku. Jeśli chcesz dostać go po polsku albo chcesz, żebyśmy Ci go przeczytali, zadzwoń: { $phone }. Możesz mówić po polsku. Możesz też odpowiedzieć na ten list po polsku. To nic nie kosztuje.
letter-lead-answer = To nasza odpowiedź na etapie { $stage }.
letter-lead-ask = Jeśli odpowiedź Cię nie zadowala, możesz poprosić o etap { $next } do dnia: { $date }. Wystarczą dowolne słowa, także po polsku.
letter-lead-longer = Nasza odpowiedź potrwa dłużej. Dostaniesz ją najpóźniej: { $date }.

# The acknowledgement.
letter-ack-subject-complaint = Otrzymaliśmy Twoją skargę – { $reference }
letter-ack-subject-message = Otrzymaliśmy Twoją wiadomość – { $reference }
letter-ack-heading-complaint = Otrzymaliśmy Twoją skargę
letter-ack-heading-message = Otrzymaliśmy Twoją wiadomość
letter-ack-thanks-complaint = Dziękujemy, że nam o tym mówisz. Przykro nam, że musisz składać skargę. Mamy ją i się nią zajmiemy.
letter-ack-thanks-message = Dziękujemy za wiadomość. Mamy ją i przeczyta ją człowiek.
letter-ack-reference = Twój numer sprawy: { $reference }
letter-ack-keep = Zachowaj go i podawaj, gdy do nas piszesz lub dzwonisz.
letter-ack-received = Co otrzymaliśmy
letter-ack-received-complaint = Twoja skarga dotarła do nas { $how }. Otrzymaliśmy ją: { $moment }.
letter-ack-received-message = Twoja wiadomość dotarła do nas { $how }. Otrzymaliśmy ją: { $moment }.
letter-ack-when = Kiedy się do Ciebie odezwiemy
letter-ack-answer-by = Odpowiemy Ci najpóźniej: { $day }.
letter-ack-longer = Jeśli będziemy potrzebować więcej czasu, napiszemy do Ciebie przed tym dniem. Powiemy Ci dlaczego i podamy nowy termin.
letter-ack-next = Co dalej
letter-ack-next-team = Dopilnujemy, żeby Twoja wiadomość trafiła do właściwego zespołu.
letter-ack-next-check = Sprawdzimy, czy Twoją wiadomość trzeba rozpatrzyć jako skargę. Jeśli tak, powiemy Ci o tym. Zrobimy to najpóźniej: { $day }.
letter-ack-next-complain = Jeśli chcesz złożyć skargę, odpowiedz i powiedz nam o tym. Nie potrzeba formularza ani specjalnych słów.
letter-ack-next-statutory-sure = Rozpatrzymy Twoją skargę według procedury skarg dotyczących opieki społecznej nad dziećmi. Podstawą jest ustawa Children Act 1989. Ta procedura ma trzy etapy, a to jest pierwszy.
letter-ack-next-statutory = Sądzimy, że Twoja skarga podlega procedurze skarg dotyczących opieki społecznej nad dziećmi. Podstawą jest ustawa Children Act 1989. Ta procedura ma trzy etapy, a to jest pierwszy.
letter-ack-next-corporate-sure = Rozpatrzymy Twoją skargę według własnej procedury skarg samorządu. Ta procedura ma dwa etapy, a to jest pierwszy.
letter-ack-next-corporate = Sądzimy, że Twoja skarga podlega własnej procedurze skarg samorządu. Ta procedura ma dwa etapy, a to jest pierwszy.
letter-ack-next-officer = Specjalista do spraw skarg sprawdzi to najpóźniej: { $day }. Jeśli właściwa jest inna procedura, powiemy Ci, która i dlaczego.
letter-ack-next-officer-some-day = Specjalista do spraw skarg to sprawdzi. Jeśli właściwa jest inna procedura, powiemy Ci, która i dlaczego.
letter-ack-next-undecided = Są dwie procedury skarg dotyczących usług dla dzieci. Decydujemy, która jest właściwa dla Twojej skargi. Powiemy Ci to najpóźniej: { $day }.
letter-ack-next-undecided-some-day = Są dwie procedury skarg dotyczących usług dla dzieci. Decydujemy, która jest właściwa dla Twojej skargi.
letter-ack-next-no-loss = Nie tracisz przez to czasu.
letter-ack-how = Przeczytaj, jak rozpatrujemy skargi
letter-ack-who = Kogo pytać
letter-ack-more = Jeśli chcesz powiedzieć nam więcej albo zapytać, na jakim etapie jest sprawa
letter-ack-page-complaint = Sprawdź w każdej chwili, na jakim etapie jest Twoja skarga
letter-ack-page-message = Sprawdź w każdej chwili, co się dzieje z Twoją wiadomością
letter-ack-help = Bezpłatna pomoc
letter-ack-help-somebody = Gdy składasz skargę, ktoś może być przy Tobie albo mówić w Twoim imieniu: ktoś z przyjaciół, ktoś z rodziny albo rzecznik (advocate). Rzecznik jest po Twojej stronie. Pomaga Ci powiedzieć to, co chcesz powiedzieć.
letter-ack-help-children = Dzieci i młodzież mają prawo do rzecznika (advocate), gdy składają skargę na opiekę społeczną. To nic nie kosztuje.
letter-ack-needs = Jeśli mamy zrobić coś inaczej, żeby było Ci łatwiej
letter-ack-needs-text = Powiedz nam, jeśli potrzebujesz dużego druku, prostych słów, innego języka, tłumacza albo rozmowy telefonicznej zamiast listu. To nic nie kosztuje.
letter-ack-same = Nikt nie będzie Cię traktować gorzej
letter-ack-same-text = Skarga nie pogorszy tego, jak Ci pomagamy. Nikt nie będzie gorzej traktować Ciebie ani Twojej rodziny dlatego, że się do nas zwracasz. Jeśli czujesz, że jednak tak jest, powiedz o tym od razu. Osoba do kontaktu: { $officer }.
letter-ack-ombudsman = Rzecznik (Ombudsman)
letter-ack-ombudsman-text = { $ombudsman } rozpatruje skargi na samorządy. To nic nie kosztuje. Rzecznik nie jest częścią samorządu. W każdej chwili możesz poprosić go o radę. Zwykle prosi, żeby najpierw poczekać na naszą odpowiedź.
letter-ack-by-computer = Tę wiadomość wysłał nasz komputer, żeby potwierdzenie dotarło do Ciebie od razu. To, co nam przysłano, przeczyta człowiek i Ci odpowie.

# To whoever says thank you.
letter-thanks-subject = Dotarły do nas Twoje miłe słowa – { $reference }
letter-thanks-heading = Dotarły do nas Twoje miłe słowa
letter-thanks-text = Dziękujemy, że mówisz nam, co poszło dobrze. Twoja wiadomość dotarła do nas { $how }. Otrzymaliśmy ją: { $moment }. Czyta ją człowiek.
letter-thanks-next = Zapiszemy to, uwzględnimy w naszych sprawozdaniach i przekażemy Twoje podziękowania osobom, które zrobiły to dobrze. Ucieszą się, a inni będą mogli się z tego uczyć.
letter-thanks-wrong = Coś jest też nie tak? Powiedz nam. Nie potrzeba formularza ani specjalnych słów.

# After the end: how we did.
letter-survey-subject = Jak nam poszło? – { $reference }
letter-survey-heading = Jak nam poszło?
letter-survey-text = Zamknęliśmy sprawę z Twojej skargi: { $reference }. Jak nam poszło? Mamy pięć krótkich pytań i jedno wolne pole. Możesz pominąć, co chcesz. Pytania są tutaj:
letter-survey-nobody = Zaznaczone odpowiedzi liczymy razem z odpowiedziami innych osób. Nikt nie widzi, które są Twoje: ani osoby, na które złożono skargę, ani my. To, co napiszesz w wolnym polu, czyta osoba z zespołu do spraw skarg i widzi przy tym Twoje imię i nazwisko.
letter-survey-free = Nie musisz odpowiadać. Jeśli nie odpowiesz, nic się dla Ciebie nie zmieni. Odnośnika można użyć raz, do dnia: { $day }.

# After the end: how they were treated.
letter-check-in-subject = Jak Cię traktują po złożeniu skargi? – { $reference }
letter-check-in-heading = Jak Cię traktują po złożeniu skargi?
letter-check-in-text = Sprawę z Twojej skargi ({ $reference }) zamknęliśmy w dniu: { $day }. Wszystkich, którzy złożyli skargę, pytamy o to samo: czy z powodu skargi ktoś zaczął inaczej traktować Ciebie lub Twoje dziecko?
letter-check-in-tell = Jeśli tak, powiedz nam. Trafi to do kierownika do spraw skarg, a nie do osób, na które złożono skargę. Jeśli wszystko jest w porządku, nie musisz odpowiadać.
letter-check-in-again = Jeśli nie chcesz, żebyśmy pytali jeszcze raz, też nam o tym powiedz.
letter-check-in-help = Możesz dostać bezpłatną pomoc: { $advocacy }, { $phone }.
letter-check-in-ombudsman = W każdej chwili możesz też zwrócić się do Rzecznika ({ $ombudsman }). Rzecznik zwykle czeka, aż skończymy.
