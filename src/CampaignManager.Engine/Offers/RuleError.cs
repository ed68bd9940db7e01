using System.Globalization;
using CampaignManager.Engine.Money;

namespace CampaignManager.Engine.Offers;

/// <summary>One thing that is wrong with rules.</summary>
/// <param name="Path">JSON path of the field, e.g. <c>offer.tiers[1].spend</c>.</param>
/// <param name="Code">Kebab-case, names the text resource.</param>
/// <param name="Message">The English sentence.</param>
/// <param name="Arguments">What fills the placeholders of the translated sentence.</param>
public sealed record RuleError(string Path, string Code, string Message, IReadOnlyList<string> Arguments);

/// <summary>Gathers what is wrong, with the checks that several fields share.</summary>
internal sealed class RuleErrors(string currencyCode)
{
    private const decimal MostMoney = 1_000_000_000_000m;

    private readonly Currency? currency = Currency.TryGet(currencyCode, out var known) ? known : null;
    private readonly List<RuleError> errors = [];

    public IReadOnlyList<RuleError> All => errors;

    public void Add(string path, string code, string message, params string[] arguments) =>
        errors.Add(new RuleError(path, code, message, arguments));

    /// <summary>Positive, not absurd, and no more digits than the currency has. Null is left to the caller.</summary>
    public bool Amount(string path, decimal? amount)
    {
        if (amount is not { } value)
            return true;
        var before = errors.Count;
        if (value <= 0)
        {
            Add(path, "amount-positive", "The amount must be above zero.");
        }
        else if (value > MostMoney)
        {
            Add(path, "amount-large", "The amount is too large.");
        }
        else if (currency is not null && !currency.TryToMinor(value, out _))
        {
            var digits = currency.FractionDigits.ToString(CultureInfo.InvariantCulture);
            Add(path, "amount-digits", $"{currency.Code} has {digits} digits after the point.", currency.Code, digits);
        }

        return errors.Count == before;
    }

    /// <summary>Above 0, at most 100, at most six digits after the point.</summary>
    public void Percent(string path, decimal? percent)
    {
        if (percent is <= 0 or > 100)
            Add(path, "percent-range", "The percentage must be above 0 and at most 100.");
        else if (percent is { } given && decimal.Round(given, 6) != given)
            Add(path, "percent-digits", "A percentage has at most 6 digits after the point.");
    }

    /// <summary>As <see cref="Amount"/>, but zero is allowed.</summary>
    public bool AmountOrZero(string path, decimal? amount)
    {
        if (amount is 0)
            return true;
        if (amount is not < 0)
            return Amount(path, amount);
        Add(path, "amount-negative", "The amount must not be negative.");
        return false;
    }

    /// <summary>A selection of goods: no blank names, none twice.</summary>
    public void Selector(string path, ScopeSelector? selector)
    {
        if (selector is null)
            return;
        Names(path + ".categories", selector.Categories);
        Names(path + ".brands", selector.Brands);
        Names(path + ".skus", selector.Skus);
        Names(path + ".tags", selector.Tags);
    }

    public void Between(string path, decimal? value, decimal least, decimal most)
    {
        if (value is { } given && (given < least || given > most))
        {
            var (from, to) = (least.ToString(CultureInfo.InvariantCulture), most.ToString(CultureInfo.InvariantCulture));
            Add(path, "range", $"The value must be between {from} and {to}.", from, to);
        }
    }

    public void OneOf(string path, string? value, params ReadOnlySpan<string> allowed)
    {
        if (allowed.Contains(value))
            return;
        var list = string.Join(", ", allowed);
        Add(path, "one-of", $"The value must be one of: {list}.", list);
    }

    /// <summary>No blank entries, none twice.</summary>
    public void Names(string path, IReadOnlyList<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]))
                Add($"{path}[{i}]", "blank", "The entry is blank.");
            else if (!seen.Add(names[i]))
                Add($"{path}[{i}]", "twice", $"'{names[i]}' is named twice.", names[i]);
        }
    }
}
