namespace CampaignManager.Engine.Money;

/// <summary>An ISO 4217 currency: its code and how many digits stand after the point.</summary>
/// <remarks>Digits after ISO 4217 table A.1; codes not in the list have two.</remarks>
public sealed record Currency
{
    private static readonly Dictionary<string, int> Digits = new(StringComparer.Ordinal)
    {
        ["CNY"] = 2,
        ["USD"] = 2,
        ["EUR"] = 2,
        ["GBP"] = 2,
        ["HKD"] = 2,
        ["TWD"] = 2,
        ["SGD"] = 2,
        ["AUD"] = 2,
        ["CAD"] = 2,
        ["CHF"] = 2,
        ["SEK"] = 2,
        ["NOK"] = 2,
        ["DKK"] = 2,
        ["PLN"] = 2,
        ["CZK"] = 2,
        ["INR"] = 2,
        ["BRL"] = 2,
        ["MXN"] = 2,
        ["THB"] = 2,
        ["MYR"] = 2,
        ["PHP"] = 2,
        ["IDR"] = 2,
        ["TRY"] = 2,
        ["ZAR"] = 2,
        ["AED"] = 2,
        ["SAR"] = 2,
        ["ILS"] = 2,
        ["RUB"] = 2,
        ["NZD"] = 2,
        ["MOP"] = 2,
        ["JPY"] = 0,
        ["KRW"] = 0,
        ["VND"] = 0,
        ["CLP"] = 0,
        ["ISK"] = 0,
        ["KWD"] = 3,
        ["BHD"] = 3,
        ["OMR"] = 3,
        ["JOD"] = 3,
        ["TND"] = 3,
    };

    private Currency(string code, int fractionDigits)
    {
        Code = code;
        FractionDigits = fractionDigits;
        MinorPerMajor = 1;
        for (var i = 0; i < fractionDigits; i++)
            MinorPerMajor *= 10;
    }

    /// <summary>Three capital letters, e.g. <c>CNY</c>.</summary>
    public string Code { get; }

    /// <summary>Digits after the point: CNY 2, JPY 0, KWD 3.</summary>
    public int FractionDigits { get; }

    /// <summary>Minor units in one major unit: 10 to the <see cref="FractionDigits"/>.</summary>
    public long MinorPerMajor { get; }

    /// <summary>All known currencies, by code.</summary>
    public static IReadOnlyList<Currency> All { get; } = [.. Digits.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => new Currency(d.Key, d.Value))];

    /// <summary>Finds a known currency by its code; false when the code is not known.</summary>
    public static bool TryGet(string? code, out Currency currency)
    {
        if (code is not null && Digits.TryGetValue(code, out var digits))
        {
            currency = new Currency(code, digits);
            return true;
        }

        currency = null!;
        return false;
    }

    /// <summary>The currency with this code.</summary>
    /// <exception cref="ArgumentException">The code is not known.</exception>
    public static Currency Get(string code) =>
        TryGet(code, out var currency) ? currency : throw new ArgumentException($"Currency '{code}' is not known.", nameof(code));

    /// <summary>A major-unit amount as whole minor units; false when it has more digits than the currency or does not fit a <see cref="long"/>.</summary>
    public bool TryToMinor(decimal major, out long minor)
    {
        minor = 0;
        if (Math.Abs(major) > long.MaxValue / (decimal)MinorPerMajor)
            return false;
        var scaled = major * MinorPerMajor;
        if (scaled != decimal.Truncate(scaled))
            return false;
        minor = (long)scaled;
        return true;
    }

    /// <summary>A major-unit amount as minor units.</summary>
    /// <exception cref="ArgumentException">More digits than the currency has, or out of range.</exception>
    public long ToMinor(decimal major) =>
        TryToMinor(major, out var minor) ? minor : throw new ArgumentException($"{major} is not an amount of {Code}.", nameof(major));

    /// <summary>Minor units as a decimal of major units, exact.</summary>
    public decimal ToMajor(long minor) => (decimal)minor / MinorPerMajor;

    /// <inheritdoc/>
    public override string ToString() => Code;
}
