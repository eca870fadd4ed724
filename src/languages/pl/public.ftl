# Draft: to be read by a person who speaks the language before it is used.

pages = Strony
menu = Menu
nav-how = Jak to działa
nav-tell-us = Powiedz nam
nav-advocacy = Pomoc w skardze
nav-ombudsman = Gdy odpowiedź Cię nie zadowala
nav-changed = Co zmieniliśmy

how-title = Jak działa składanie skarg
how-lead = Możesz nam powiedzieć, że coś jest nie tak, w dowolny sposób: na tej stronie, e-mailem, telefonicznie, wiadomością albo każdemu, kto u nas pracuje. Wszystko liczy się od dnia, w którym do nas dotarło.
how-tell-us = Powiedz nam teraz
how-safe-title = Skarga jest bezpieczna
how-safe-text = Skarga to Twoje prawo. Nikt nie może z jej powodu gorzej traktować Ciebie ani Twojego dziecka. Osoba, której skarga dotyczy, nie zajmuje się nią i nie może jej otworzyć.
how-who-title = Kto może złożyć skargę
how-who-text = Dzieci i młodzież, rodzice, opiekunowie, rodzice zastępczy, osoby po opuszczeniu pieczy i każdy, komu zależy na dziecku. Ktoś inny może mówić w Twoim imieniu.
how-late-text = Najlepiej powiedzieć nam w ciągu roku. Jeśli minęło więcej czasu, i tak powiedz: sprawdzimy, dlaczego.
how-two-title = Dwie drogi
how-two-text = Dla opieki społecznej nad dziećmi prawo ma osobną procedurę. Wszystko inne idzie własną procedurą rady. Nie musisz wiedzieć, którą: powiemy Ci, i dlaczego.
how-adjustments-title = Jeśli coś to utrudnia
how-contact-title = Zapytaj nas
how-contact-text = { $service }: zadzwoń { $phone } albo napisz { $email }.
how-hours = Odbieramy telefony: { $hours }.

map-title = Kroki skargi
map-tell-us = Powiedz nam, że coś jest nie tak
statutory-title = Opieka społeczna nad dziećmi
statutory-text = Na przykład pracownicy socjalni, dzieci w potrzebie, piecza zastępcza, usamodzielnienie.
corporate-title = Wszystko inne
corporate-text = Na przykład specjalne potrzeby edukacyjne, dowóz do szkoły, wczesna pomoc.
map-yours = Twój ruch
map-told = Mówisz nam
map-told-text = Dowolnymi słowami, w dowolny sposób.
map-heard = Potwierdzamy, że to mamy
map-heard-text = Dostajesz numer, nazwisko osoby, która się tym zajmuje, i datę odpowiedzi.
map-answer = Etap 1: pierwsza odpowiedź
map-answer-text = Osoba, która kieruje usługą, sprawdza sprawę i odpowiada na każdy punkt.
map-ask-second = Możesz poprosić o etap 2
map-ask-second-text = Jeśli odpowiedź Cię nie zadowala. Możesz też poprosić później: powiedz, dlaczego.
map-investigation = Etap 2: postępowanie
map-investigation-text = Sprawę bada osoba prowadząca i osoba niezależna. Dostajesz oba raporty i decyzję.
map-second-answer = Etap 2: drugie spojrzenie
map-second-answer-text = Na całość patrzy ktoś, kto nie brał udziału w pierwszej odpowiedzi.
map-ask-panel = Możesz poprosić o etap 3
map-ask-panel-text = Jeśli decyzja na etapie 2 Cię nie zadowala.
map-panel = Etap 3: panel
map-panel-text = Trzy osoby, w większości niezależne, wysłuchują Ciebie i rady.
map-panel-answer = Rada odpowiada panelowi
map-panel-answer-text = Dostajesz raport panelu i informację, co rada z nim zrobi.
map-ombudsman = Rzecznik (Ombudsman)
map-ombudsman-text = Do Rzecznika możesz zwrócić się w każdej chwili. Zwykle prosi, żeby najpierw przejść kroki tutaj.
within-working-days = { $n ->
    [one] w ciągu { $n } dnia roboczego od { $from }
   *[other] w ciągu { $n } dni roboczych od { $from }
}
within-days = { $n ->
    [one] w ciągu { $n } dnia od { $from }
   *[other] w ciągu { $n } dni od { $from }
}
within-months = { $n ->
    [one] w ciągu { $n } miesiąca od { $from }
   *[other] w ciągu { $n } miesięcy od { $from }
}
longest-working-days = { $n ->
    [one] najpóźniej { $n } dzień roboczy, jeśli sprawa jest złożona
   *[other] najpóźniej { $n } dni roboczych, jeśli sprawa jest złożona
}
longest-days = { $n ->
    [one] najpóźniej { $n } dzień, jeśli sprawa jest złożona
   *[other] najpóźniej { $n } dni, jeśli sprawa jest złożona
}
longest-months = { $n ->
    [one] najpóźniej { $n } miesiąc, jeśli sprawa jest złożona
   *[other] najpóźniej { $n } miesięcy, jeśli sprawa jest złożona
}
from-receipt = dnia, w którym to do nas dotarło
from-acknowledgement = dnia, w którym potwierdziliśmy, że to mamy
from-first-answer = dnia, w którym dostałeś lub dostałaś pierwszą odpowiedź
from-second-request = dnia Twojej prośby o etap 2
from-second-acknowledgement = dnia, w którym potwierdziliśmy Twoją prośbę
from-second-answer = dnia, w którym dostałeś lub dostałaś decyzję na etapie 2
from-panel-request = dnia Twojej prośby o panel
from-panel = dnia panelu
from-panel-report = dnia, w którym dostaliśmy raport panelu
from-withdrawal = dnia wycofania
from-matter = dnia, w którym to się stało
map-working-days = Dni robocze to dni od poniedziałku do piątku bez świąt bankowych.
map-rules = Przepisy, z których wynikają te dni

advocacy-title = Pomoc w skardze
advocacy-lead = Rzecznik (advocate) jest po Twojej stronie. Pomaga powiedzieć to, co chcesz powiedzieć, chodzi z Tobą na spotkania i sprawdza, czy dostajesz odpowiedź. Jest bezpłatny.
advocacy-right = Dzieci i młodzież w pieczy zastępczej, w potrzebie albo po jej opuszczeniu mają prawo do rzecznika, gdy składają skargę. Rodzice i opiekunowie też mogą o niego poprosić.
advocacy-here = Tutaj jest to { $name }.
advocacy-call = Zadzwoń { $phone } albo napisz { $email }.
advocacy-site = Strona { $name }
advocacy-apart = Nie pracuje dla rady. Nie powie nam niczego, czego nie chcesz, chyba że komuś grozi niebezpieczeństwo.
advocacy-children-title = Dla dzieci i młodzieży
advocacy-young = Krótka strona, żeby nam powiedzieć

ombudsman-title = Jeśli nasza odpowiedź Cię nie zadowala
ombudsman-lead = Możesz iść dalej. Nasza odpowiedź zawsze mówi, jak i do kiedy.
ombudsman-next-title = Poproś nas o następny etap
ombudsman-next-text = Odpowiedz na nasz list, zadzwoń albo użyj formularza. Nie trzeba szczególnych słów: powiedz, że odpowiedź Cię nie zadowala, i jeśli chcesz, dlaczego.
ombudsman-who-title = Zapytaj Rzecznika (Ombudsman)
ombudsman-who-text = { $name } jest niezależny od rady i bezpłatny. Sprawdza, czy postąpiliśmy właściwie.
ombudsman-when = Możesz się zwrócić w każdej chwili. Zwykle Rzecznik chce, żeby rada najpierw odpowiedziała albo żeby trwało to o wiele za długo. Zgłoś się w ciągu roku od dnia, w którym się o tym dowiedziałeś lub dowiedziałaś.
ombudsman-call = Zadzwoń: { $phone }.
ombudsman-site = Strona Rzecznika
ombudsman-else-title = Niektóre sprawy idą inną drogą
ombudsman-else-text = Od decyzji o planie edukacji, zdrowia i opieki można odwołać się do SEND Tribunal. Decyzję sądu może zmienić tylko sąd. W sprawie danych osobowych możesz też zwrócić się do Information Commissioner. I tak nam powiedz: wskażemy, co gdzie trafia.

changed-title = Co zmieniliśmy
changed-lead = Dzięki temu, że ludzie powiedzieli nam, co było nie tak, te rzeczy wyglądają teraz inaczej. Nikogo tu nie wymieniamy.
changed-said = Powiedzieliście:
changed-did = Zrobiliśmy:
changed-none = Jeszcze nic tu nie ma. Tutaj piszemy, co zmieniamy.

privacy-title = Co robimy z tym, co nam powiesz
privacy-lead = { $council } używa tego, co nam powiesz, żeby to sprawdzić, odpowiedzieć Ci i działać lepiej.
privacy-what-title = Co przechowujemy
privacy-what = Twoje słowa, pliki, dane kontaktowe i to, co zrobiono. Nic z formularza nie jest zapisywane, zanim naciśniesz „Wyślij”. Twojego adresu w internecie przy tym nie zapisujemy.
privacy-why-title = Dlaczego nam wolno
privacy-why = Prawo nakazuje nam rozpatrywać skargi na usługi dla dzieci: to zadanie w interesie publicznym i obowiązek. W przypadku danych o zdrowiu i podobnych chodzi o opiekę nad dziećmi i ważny interes publiczny.
privacy-who-title = Kto to czyta
privacy-who = Zespół skarg, osoby, które muszą to sprawdzić, oraz osoba niezależna, panel albo Rzecznik, jeśli sprawa zajdzie tak daleko. Nigdy osoba, której to dotyczy, chyba że musi się odnieść. Jeśli dziecku może grozić niebezpieczeństwo, zawiadamiamy tych, którzy chronią dzieci.
privacy-machine = Nasz program komputerowy sortuje wiadomości według tematu. O niczym nie decyduje: każdą ogląda człowiek. Twoich słów nikomu w tym celu nie wysyłamy.
privacy-long-title = Jak długo przechowujemy
privacy-long = { $years ->
    [one] { $years } rok po zakończeniu, potem człowiek sprawdza, czy można usunąć.
   *[other] { $years } lat po zakończeniu, potem człowiek sprawdza, czy można usunąć.
}
privacy-long-statutory = { $years ->
    [one] W opiece społecznej nad dziećmi { $years } rok.
   *[other] W opiece społecznej nad dziećmi { $years } lat.
}
privacy-rights-title = Twoje prawa
privacy-rights = Możesz poprosić o kopię tego, co o Tobie przechowujemy, o poprawienie tego i zgłosić sprzeciw. Kontakt: { $name }, { $email }.
privacy-ico = Jeśli to Cię nie zadowala, zwróć się do Information Commissioner: 0303 123 1113.
privacy-ico-site = Strona Information Commissioner
privacy-cookies-title = Pliki cookie
privacy-cookies = Jeden plik, tylko jeśli wybierzesz język albo większe litery: pamięta ten wybór i nic więcej.

access-title = Deklaracja dostępności
access-lead = Dotyczy stron { $service }, z których korzystają rodziny. Strony pracowników mają własną deklarację.
access-how-title = Jak dostępne są te strony
access-how = Mają spełniać wytyczne WCAG 2.2 na poziomie AA. Działają bez skryptów, na małym telefonie, w większych literach i na papierze.
access-not = Nikt z zewnątrz jeszcze ich nie zbadał, więc nie możemy powiedzieć, że w pełni spełniają wytyczne. Program sprawdza każdą stronę przy każdej zmianie; znajduje tylko część błędów. Osoby z czytnikami ekranu jeszcze ich nie sprawdziły.
access-letters-title = Listy i pliki
access-letters = Każdy list możesz dostać dużym drukiem albo prostym językiem: powiedz nam. Plików, które ludzie nam przysyłają, nie możemy zmienić.
access-tell-title = Powiedz nam, co nie działa
access-tell = Zadzwoń { $phone } albo napisz { $email }. Odpowiadamy w ciągu dziesięciu dni roboczych.
access-eass = Jeśli nasza odpowiedź w tej sprawie Cię nie zadowala, zwróć się do Equality Advisory and Support Service.
access-officers = Deklaracja stron dla pracowników
