namespace CampaignManager.Application.ShopData.Values;

/// <summary>Walks over the text of a time: its date, its time of day, its offset.</summary>
internal ref struct TimeWords(ReadOnlySpan<char> text)
{
    private static readonly string[] Weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    private ReadOnlySpan<char> rest = text;

    public bool AtEnd => rest.Trim().IsEmpty;

    public (DateOrder Order, int Year, int First, int Second, bool Dotted)? Date(string[] months)
    {
        SkipWeekday();
        if (MonthByName(months) is { } leading)
        {
            // Nov 30, 2025
            if (Number() is not { } named)
                return null;
            Skip(",. ");
            return Number() is { } inYear ? (DateOrder.MonthByName, FullYear(inYear), leading, named, false) : null;
        }

        var digits = rest.Length;
        if (Number() is not { } first)
            return null;
        digits -= rest.Length;
        var sign = rest.IsEmpty ? ' ' : rest[0];
        Skip("-/. 年,");
        if (MonthByName(months) is { } between)
        {
            // 30 Nov 2025, 30-Nov-25
            Skip("-/. ,");
            return Number() is { } inYear ? (DateOrder.MonthByName, FullYear(inYear), between, first, false) : null;
        }

        if (sign is not ('-' or '/' or '.' or '年') || Number() is not { } second)
            return null;
        if (rest.IsEmpty || rest[0] is not ('-' or '/' or '.' or '月'))
            return null;
        rest = rest[1..];
        if (Number() is not { } third)
            return null;
        if (rest is ['日', ..])
            rest = rest[1..];
        if (digits == 4)
            return (DateOrder.YearFirst, first, second, third, false);
        return (DateOrder.DayOrMonthFirst, FullYear(third), first, second, sign == '.');
    }

    /// <returns>Ticks since midnight, 0 where no time stands; null: it is none.</returns>
    public long? TimeOfDay()
    {
        if (rest is ['T' or 't', ..])
            rest = rest[1..];
        Skip(", ");
        if (AtEnd || !char.IsAsciiDigit(rest[0]))
            return 0;
        if (Number() is not { } hour || rest is not [':' or '.' or '时' or 'h', ..])
            return null;
        rest = rest[1..];
        var minute = Number();
        var second = 0;
        long fraction = 0;
        if (rest is ['分', ..])
            rest = rest[1..];
        if (rest is [':', ..])
        {
            rest = rest[1..];
            if (Number() is not { } seconds)
                return null;
            second = seconds;
            fraction = Fraction();
        }

        if (AfternoonOf(ref hour) is false || minute is null or > 59 || hour > 23 || second > 60)
            return null;
        return new TimeSpan(hour, minute.Value, Math.Min(second, 59)).Ticks + fraction;
    }

    /// <returns>The offset, where one stands; false: what stands there is none.</returns>
    public (TimeSpan? Offset, bool Sound) Offset()
    {
        Skip(" ");
        if (AtEnd)
            return (null, true);
        if (Take("UTC") || Take("GMT"))
        {
            Skip(" ");
            if (AtEnd)
                return (TimeSpan.Zero, true);
        }
        else if (Take("Z"))
        {
            return (TimeSpan.Zero, AtEnd);
        }

        if (rest is not (['+' or '-' or '−', ..]))
            return (null, false);
        var sign = rest[0] == '+' ? 1 : -1;
        rest = rest[1..];
        var digits = rest.Length;
        if (Number() is not { } hours)
            return (null, false);
        digits -= rest.Length;
        var minutes = 0;
        if (digits > 2)
            (hours, minutes) = (hours / 100, hours % 100);
        else if (rest is [':', ..])
        {
            rest = rest[1..];
            minutes = Number() ?? 99;
        }

        if (rest.Trim() is ['(' or '[', ..])
            rest = [];
        return hours > 14 || minutes > 59 ? (null, false) : (sign * new TimeSpan(hours, minutes, 0), true);
    }

    private static int FullYear(int year) => year < 70 ? 2000 + year : year < 100 ? 1900 + year : year;

    private bool? AfternoonOf(ref int hour)
    {
        Skip(" \u202F\u00A0");
        var morning = Take("AM") || Take("a.m.");
        if (!morning && !Take("PM") && !Take("p.m."))
            return null;
        if (hour is < 1 or > 12)
            return false;
        hour = (hour % 12) + (morning ? 0 : 12);
        return true;
    }

    private long Fraction()
    {
        if (rest is not ['.' or ',', >= '0' and <= '9', ..])
            return 0;
        rest = rest[1..];
        long ticks = 0;
        var scale = TimeSpan.TicksPerSecond / 10;
        while (!rest.IsEmpty && char.IsAsciiDigit(rest[0]))
        {
            ticks += (rest[0] - '0') * scale;
            scale /= 10;
            rest = rest[1..];
        }

        return ticks;
    }

    private void SkipWeekday()
    {
        foreach (var day in Weekdays)
        {
            if (!rest.StartsWith(day, StringComparison.OrdinalIgnoreCase))
                continue;
            while (!rest.IsEmpty && char.IsLetter(rest[0]))
                rest = rest[1..];
            Skip(",. ");
            return;
        }
    }

    private int? MonthByName(string[] months)
    {
        for (var i = 0; i < months.Length; i++)
        {
            if (!rest.StartsWith(months[i], StringComparison.OrdinalIgnoreCase))
                continue;
            while (!rest.IsEmpty && char.IsLetter(rest[0]))
                rest = rest[1..];
            Skip(". ");
            return i + 1;
        }

        return null;
    }

    private int? Number()
    {
        var end = 0;
        var value = 0;
        while (end < rest.Length && end < 5 && char.IsAsciiDigit(rest[end]))
            value = (value * 10) + (rest[end++] - '0');
        rest = rest[end..];
        return end == 0 ? null : value;
    }

    private bool Take(string word)
    {
        if (!rest.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            return false;
        rest = rest[word.Length..];
        return true;
    }

    private void Skip(string signs) => rest = rest.TrimStart(signs);
}
