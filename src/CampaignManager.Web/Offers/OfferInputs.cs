using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CampaignManager.Application;
using CampaignManager.Engine.Audiences;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using CampaignManager.Web.Campaigns;
using CampaignManager.Web.Hosting;

namespace CampaignManager.Web.Offers;

public sealed record QuoteInput
{
    /// <summary>Needed.</summary>
    public CartInput? Cart { get; init; }

    /// <summary><c>none</c>, <c>shopper</c> (default) or <c>full</c>, as far as the key may know.</summary>
    [AllowedValues("none", "shopper", "full")]
    public string? Explain { get; init; }

    /// <summary>What else the answer carries: <c>units</c> for each unit's share of a line's discount (<c>unitAmounts</c>).</summary>
    [AllowedValues("units")]
    public IReadOnlyList<string?>? Include { get; init; }

    /// <inheritdoc cref="CartInput.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; init; }
}

public sealed record SimulateInput
{
    /// <summary>Campaigns as in /campaigns; an <c>id</c> stands for the name.</summary>
    public IReadOnlyList<SimulatedCampaign?>? Campaigns { get; init; }

    public SimulateSettings? Settings { get; init; }

    /// <summary>Needed.</summary>
    public CartInput? Cart { get; init; }

    /// <summary><c>none</c>, <c>shopper</c> or <c>full</c> (default).</summary>
    [AllowedValues("none", "shopper", "full")]
    public string? Explain { get; init; }

    /// <inheritdoc cref="QuoteInput.Include"/>
    [AllowedValues("units")]
    public IReadOnlyList<string?>? Include { get; init; }
}

/// <param name="ConflictResolution"><c>bestForCustomer</c> (default) or <c>priority</c>.</param>
public sealed record SimulateSettings(ConflictResolution? ConflictResolution);

/// <summary>A campaign given inline. Everything but <c>offer</c> has a default; what /campaigns answers beside the rules may be sent back and is ignored.</summary>
[SentBack(typeof(CampaignResource))]
public sealed record SimulatedCampaign
{
    /// <summary>By which the answer names it.</summary>
    public string? Id { get; init; }

    /// <summary>Stands for a missing id.</summary>
    public string? Name { get; init; }

    /// <summary>The cart's when left out.</summary>
    public string? Currency { get; init; }

    public Offer? Offer { get; init; }

    public Scope? Scope { get; init; }

    public Audience? Audience { get; init; }

    public Combining? Combining { get; init; }

    public Trigger? Trigger { get; init; }

    public Schedule? Schedule { get; init; }

    public Limits? Limits { get; init; }

    public ReturnPolicy? ReturnPolicy { get; init; }

    public ExperimentPlan? Experiment { get; init; }

    internal CampaignInput ToCampaign() => new()
    {
        Name = Name ?? Id,
        Currency = Currency,
        Offer = Offer,
        Scope = Scope,
        Audience = Audience,
        Combining = Combining,
        Trigger = Trigger,
        Schedule = Schedule,
        Limits = Limits,
        ReturnPolicy = ReturnPolicy,
        Experiment = Experiment,
    };
}

public sealed record RedeemInput
{
    /// <summary>Needed.</summary>
    public CartInput? Cart { get; init; }

    /// <summary>What the customer was told, major units; another total now is 409.</summary>
    public decimal? ExpectedTotal { get; init; }

    /// <summary>Needed: the shop's own id of the order.</summary>
    public string? OrderId { get; init; }

    /// <inheritdoc cref="QuoteInput.Explain"/>
    [AllowedValues("none", "shopper", "full")]
    public string? Explain { get; init; }

    // Left out of the call's hash when it is not there: a call that is repeated after an update is still the same call.
    /// <inheritdoc cref="QuoteInput.Include"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [AllowedValues("units")]
    public IReadOnlyList<string?>? Include { get; init; }

    /// <inheritdoc cref="CartInput.Unknown"/>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>Gathers what is wrong with a request, by JSON path.</summary>
internal sealed class InputErrors
{
    private const int LongestKey = 200;
    private const string UnitsName = "units";

    // A line of a thousand such fields is told by its first.
    private const int MostTold = 20;
    private readonly Dictionary<string, List<string>> found = [];
    private readonly List<RuleError> unknown = [];

    public bool Any => found.Count > 0;

    public void Add(string path, string sentence)
    {
        if (!found.TryGetValue(path, out var sentences))
            found.Add(path, sentences = []);
        sentences.Add(sentence);
    }

    public void Add(string prefix, IEnumerable<RuleError> errors)
    {
        foreach (var error in errors)
            Add(prefix + error.Path, error.Message);
    }

    public Failure ToFailure() => Failure.Invalid(found.ToDictionary(e => e.Key, e => e.Value.ToArray()));

    /// <summary>Notes fields that do not exist.</summary>
    /// <param name="path">Of the object in which they stand; "" at the root.</param>
    /// <param name="fields">What was sent in them; null for none.</param>
    public void Unknown<T>(string path, IDictionary<string, JsonElement>? fields)
    {
        if (fields is { Count: > 0 })
            unknown.AddRange(fields.Keys.Take(MostTold).Select(name => UnknownFields.Error(path, name, FieldsOf<T>.Names)));
    }

    /// <summary>Fields that do not exist are errors, or in a shop that is still to be told of them warnings for the answer.</summary>
    public async ValueTask<IReadOnlyList<RuleError>> WarningsAsync(CallFields policy, CancellationToken stop)
    {
        if (unknown.Count == 0 || !await policy.RefusesUnknownAsync(stop))
            return unknown;
        Add("", unknown);
        return [];
    }

    /// <summary>The cart, or null when something is wrong with it.</summary>
    public Cart? Cart(CartInput? input)
    {
        var cart = CartValidation.Read(input, "cart", out var errors);
        Add("", errors);
        Unknown<CartInput>("cart", input?.Unknown);
        Unknown<CartCustomerInput>("cart.customer", input?.Customer?.Unknown);
        for (var i = 0; i < (input?.Lines?.Count ?? 0); i++)
        {
            if (input!.Lines![i]?.Unknown is { } others)
                Unknown<CartLineInput>(string.Create(CultureInfo.InvariantCulture, $"cart.lines[{i}]"), others);
        }

        if (input?.At is { } at && (at.Year < 2000 || at.Year > 2100))
            Add("cart.at", "The time must lie between 2000 and 2100.");
        if (input?.Customer?.Id is { } customer && !IsKey(customer))
            Add("cart.customer.id", "An id has at most 200 characters, all of them printable.");
        return cart;
    }

    public Explain Explain(string? name, Explain usual, Explain most)
    {
        var wanted = name switch
        {
            null => usual,
            "none" => Engine.Offers.Pricing.Explain.None,
            "shopper" => Engine.Offers.Pricing.Explain.Shopper,
            "full" => Engine.Offers.Pricing.Explain.Full,
            _ => (Explain)(-1),
        };
        if (wanted < 0)
            Add("explain", "The value must be one of: none, shopper, full.");
        return wanted > most ? most : wanted;
    }

    /// <summary>Whether each unit's amounts are asked for.</summary>
    public bool Units(IReadOnlyList<string?>? include)
    {
        foreach (var (i, name) in (include ?? []).Index())
        {
            if (name != UnitsName)
                Add(string.Create(CultureInfo.InvariantCulture, $"include[{i}]"), $"The value must be one of: {UnitsName}.");
        }

        return include is { Count: > 0 };
    }

    public long? Money(string path, decimal? amount, string? currency)
    {
        if (amount is not { } given || !Currency.TryGet(currency, out var known))
            return null;
        if (given < 0)
            Add(path, "The amount must not be negative.");
        else if (known.TryToMinor(given, out var minor))
            return minor;
        else
            Add(path, given > long.MaxValue / (decimal)known.MinorPerMajor ? "The amount is too large." : string.Create(CultureInfo.InvariantCulture, $"{known.Code} has {known.FractionDigits} digits after the point."));
        return null;
    }

    public void Key(string path, string? key)
    {
        if (string.IsNullOrWhiteSpace(key))
            Add(path, "This is needed.");
        else if (!IsKey(key))
            Add(path, "An id has at most 200 characters, all of them printable.");
    }

    private static class FieldsOf<T>
    {
        public static readonly string[] Names =
            [.. typeof(T).GetProperties().Where(p => !p.IsDefined(typeof(JsonExtensionDataAttribute), true)).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))];
    }

    private static bool IsKey(string key) => key.Length <= LongestKey && !key.Any(char.IsControl);
}
