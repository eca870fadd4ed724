# Draft: to be read by a person who speaks the language before it is used.

# What a family is asked after the end of its case.
survey-title = Jak nam poszło?
survey-lead = Pięć krótkich pytań i jedno wolne pole. Nie trzeba odpowiadać na żadne z nich.
survey-nobody = Zaznaczone odpowiedzi liczymy razem z odpowiedziami innych osób. Nikt nie widzi, które są Twoje.
survey-easy = Łatwo było Wam o tym powiedzieć
survey-known = Było dla mnie jasne, co i kiedy się wydarzy
survey-heard = Wysłuchano mnie
survey-dealt = Wasza odpowiedź dotyczyła tego, co zostało przeze mnie powiedziane
survey-again = Gdyby coś było nie tak, znowu bym Wam o tym powiedział(a)
survey-choice-1 = Zgadzam się
survey-choice-2 = Raczej się zgadzam
survey-choice-3 = Trochę tak, trochę nie
survey-choice-4 = Raczej się nie zgadzam
survey-choice-5 = Nie zgadzam się
survey-choice-none = Wolę nie mówić
survey-line = Czy chcesz coś dodać?
survey-line-hint = To pole czyta osoba z zespołu do spraw skarg i widzi przy nim Twoje imię i nazwisko. Jeśli dzieje się coś nowego albo ktoś traktuje Cię gorzej z powodu skargi, napisz to tutaj. Osoby, na które złożono skargę, tego nie widzą.
survey-line-long = Tekst może mieć najwyżej { $most } znaków
survey-nothing = Nie ma jeszcze żadnej odpowiedzi. Zaznacz odpowiedź na jedno pytanie lub napisz coś w wolnym polu
survey-send = Wyślij
survey-thanks = Dziękujemy
survey-thanks-text = Mamy Twoje odpowiedzi. Jeśli coś zostało dopisane, przeczyta to osoba z zespołu do spraw skarg. Aby z nami porozmawiać, zadzwoń: { $phone }.
survey-none = Tego odnośnika nie można użyć
survey-none-text = Mógł zostać już użyty, mógł wygasnąć albo brakuje jego części. Jeśli odpowiedzi zostały wysłane, mamy je. Aby nam coś powiedzieć, zadzwoń: { $phone }.
track-letter-survey = Kilka pytań o to, jak nam poszło
survey-privacy = Po zakończeniu sprawy możemy zapytać, jak nam poszło. Zaznaczone odpowiedzi tylko liczymy: nikt nie widzi, które są Twoje. To, co napiszesz, przechowujemy jak każdą inną wiadomość.
