# Draft: to be read by a person who speaks the language before it is used.

chat-button-status = Co się dzieje w sprawie?
chat-button-add = Dodaj coś
chat-button-talk = Porozmawiaj z człowiekiem
chat-button-formal = Chcę złożyć oficjalną skargę
chat-button-withdraw = Wycofaj
chat-button-withdraw-yes = Tak, wycofaj
chat-button-withdraw-no = Nie, dalej
chat-button-advocacy = Bezpłatna pomoc
chat-button-languages = Język
chat-button-stop = Nie pisz tu więcej
chat-button-email = Piszę też e-maile
chat-button-more = Więcej
chat-button-help = Jak to działa
chat-button-for-myself = Mnie
chat-button-for-my-child = Mojego dziecka
chat-button-for-another = Kogoś innego
chat-button-skip = Pomiń

chat-danger =
    Jeśli Tobie lub dziecku coś teraz grozi, zadzwoń pod 999.
    Rozmowa z nami w godzinach pracy: { $day }. W nocy i w weekendy: { $night }.
    Childline, telefon dla dzieci, bezpłatnie i poufnie, o każdej porze: 0800 1111.

chat-ack-complaint = Dziękujemy, że nam o tym mówisz. Mamy Twoją skargę. Zajmie się nią człowiek.
chat-ack-message = Dziękujemy. Mamy Twoją wiadomość i przeczyta ją człowiek.
chat-ack-reference = Twój numer sprawy: { $reference }
chat-ack-received = Wiadomość dotarła do nas przez Telegram: { $moment }.
chat-ack-answer = Odpowiemy najpóźniej: { $day }.
chat-ack-statutory = Uważamy, że to skarga na opiekę społeczną nad dziećmi, etap 1.
chat-ack-corporate = Uważamy, że to skarga na urząd, etap 1.
chat-ack-statutory-sure = To skarga na opiekę społeczną nad dziećmi, etap 1.
chat-ack-corporate-sure = To skarga na urząd, etap 1.
chat-ack-undecided = Którym trybem pójdzie sprawa, powiemy Ci najpóźniej: { $day }.
chat-ack-closed = W niektóre dni przed tą datą nasze biura są zamknięte. Termin odpowiedzi się nie zmienia.
chat-ack-ask = Kogo pytać: { $officer }, { $phone }
chat-ack-again = Możesz tu do nas pisać w każdej chwili.
chat-ack-page = Zobacz, na jakim to jest etapie: { $url }
chat-ack-help = Bezpłatna pomoc kogoś, kto u nas nie pracuje: { $advocacy }, { $advocacyphone }
chat-ack-how = Jak to działa: { $url }
chat-ack-ombudsman = Możesz też zwrócić się do rzecznika ({ $ombudsman }): { $ombudsmanphone }
chat-ack-safe = Skarga nie pogorszy tego, jak Ci pomagamy. Powiedz nam, jeśli potrzebujesz tego w innej formie lub w innym języku.

chat-greeting =
    Dzień dobry. Tu { $council }. Możesz nam tu powiedzieć, co jest nie tak z pomocą dla dzieci.

    Napisz własnymi słowami, w jednej wiadomości albo w kilku. Zdjęcie lub nagranie głosowe też jest w porządku.

    Odpowiadamy od razu: podajemy numer sprawy, termin odpowiedzi i kogo pytać. To, co piszesz, czyta człowiek.

    { danger-line }

    Wolisz rozmawiać? Zadzwoń: { $phone }.
    Bezpłatna pomoc kogoś, kto u nas nie pracuje: { $advocacy }, { $advocacyphone }

chat-question-who = Jedno nam pomoże, jeśli chcesz to powiedzieć: kogo dotyczy sprawa?
chat-question-name = Dziękujemy. Jak mamy się do Ciebie zwracać? Nie musisz podawać imienia.
chat-noted = Dziękujemy, to pomaga. Nie musisz robić nic więcej.
chat-skipped = W porządku. Nie musisz odpowiadać. I tak zajmiemy się sprawą.
chat-added = Dziękujemy. To, co wysłano, jest już w sprawie { $reference }.
chat-nothing-yet = Nie mamy tu jeszcze nic od Ciebie. Napisz własnymi słowami, co się stało, a odpowiemy od razu.
chat-add =
    Po prostu napisz tutaj albo wyślij zdjęcie, nagranie głosowe lub plik. Trafi do sprawy { $reference }.
    Nie musisz powtarzać tego, co już nam wiadomo.
chat-file-too-large = Mamy Twoją wiadomość, ale nie plik: jest za duży, żebyśmy mogli go stąd pobrać. Najwięcej to 20 MB. Możesz go wysłać e-mailem na { $email }, podając { $reference }, albo napisać tu, co na nim jest.
chat-talk-known =
    Możesz zadzwonić: { $officer }, { $phone }.
    Przekazaliśmy, że chcesz porozmawiać. Jeśli mamy zadzwonić do Ciebie, napisz tu, pod jaki numer i kiedy.
chat-talk = Możesz zadzwonić: { $officer }, { $phone }.
chat-formal =
    { $officer } już wie, że sprawa { $reference } ma być oficjalną skargą.
    Po przeczytaniu napisze Ci, którym trybem pójdzie sprawa, co się w nim dzieje i do kiedy. Nie musisz niczego pisać od nowa.
chat-withdraw-sure =
    Czy chcesz wycofać sprawę { $reference }?
    Nie musisz mówić dlaczego. Nic z tego, co nam powiedziano, nie zostanie usunięte. Możesz zmienić zdanie.
chat-withdrawn =
    { $officer } już wie, że chcesz wycofać sprawę { $reference }, i potwierdzi Ci to.
    Jeśli zmienisz zdanie, napisz tutaj. Jeśli ktoś nakłonił Cię do tego, powiedz nam albo zadzwoń: { $phone }.
chat-not-withdrawn = W porządku. Wszystko zostaje tak, jak było.
chat-advocacy =
    Możesz mieć po swojej stronie kogoś, kto u nas nie pracuje: rzecznika (advocate). To bezpłatne i poufne.
    Pomoże Ci powiedzieć, czego chcesz, i może iść z Tobą na spotkania.
    { $advocacy }: { $advocacyphone }
    { $advocacyurl }
chat-languages = W jakim języku mamy tu pisać?
chat-language-set = Piszemy tu teraz po polsku.
chat-stopped =
    Nie wyślemy tu nic więcej, oprócz tego, co nakazuje prawo: naszej odpowiedzi i wiadomości, jeśli zmieni się jej termin.
    Nadal zajmujemy się tym, co nam powiedziano. Jeśli znów tu napiszesz, znów odpowiemy.
chat-more = Co chcesz zrobić?
chat-help =
    Jak to działa

    1. Piszesz nam tu własnymi słowami, co jest nie tak.
    2. Odpowiadamy od razu: numer sprawy, termin i nazwisko.
    3. Człowiek czyta wiadomość i ustala, co się stało.
    4. Dostajesz naszą odpowiedź z uzasadnieniem w podanym terminie.
    5. Jeśli odpowiedź Ci nie odpowiada, możesz poprosić o ponowne zbadanie sprawy. Potem jest jeszcze niezależny rzecznik (Ombudsman).

    Skarga nie pogorszy tego, jak Ci pomagamy.
    W każdej chwili możesz napisać /status, /language, /stop albo /help.
chat-group = To nie jest prywatne miejsce, więc nie możemy tu rozmawiać o niczyjej sprawie. Dotknij naszej nazwy i napisz do nas tam: wtedy widzisz to tylko Ty i my.
chat-ask-address =
    Z jakiego adresu e-mail piszesz? Wpisz go tutaj.
    Wyślemy na niego kod, a Ty wpiszesz go tutaj. Wtedy to, co wysyłasz w obu miejscach, trafi razem.
chat-code-sent =
    Jeśli { $address } odbiera pocztę, kod z sześciu cyfr jest w drodze. Wpisz go tutaj w ciągu 15 minut.
    Nie widzisz go? Zajrzyj też do spamu.
chat-code-subject = Twój kod: { $code }
chat-code-mail =
    Twój kod to { $code }. Działa przez 15 minut.

    Ktoś, kto pisze do nas ({ $council }) na czacie, mówi, że to także jego adres e-mail. Jeśli to Ty, wpisz kod na czacie.

    Jeśli to nie Ty, nic nie rób: bez kodu nic się nie stanie.
chat-joined = Dziękujemy. To, co piszesz tutaj, i to, co wysyłasz e-mailem, trafia teraz razem.
chat-code-wrong = To nie ten kod. Sprawdź jeszcze raz i wpisz sześć cyfr.
chat-code-over = Ten kod już nie działa. Możesz poprosić o nowy: naciśnij „{ chat-button-email }”.
chat-status-which = Którą sprawę masz na myśli?
chat-again = Możliwe, że masz już tę wiadomość. Na wszelki wypadek wysyłamy ją jeszcze raz.
