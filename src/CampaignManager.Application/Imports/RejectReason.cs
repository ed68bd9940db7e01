namespace CampaignManager.Application.Imports;

/// <summary>Why a row was rejected: stable, kebab-case, each with a text on the report.</summary>
public static class RejectReason
{
    public const string TooFewFields = "too-few-fields";
    public const string TooManyFields = "too-many-fields";
    public const string TornLine = "torn-line";
    public const string BrokenQuotes = "broken-quotes";
    public const string BadCharacters = "bad-characters";
    public const string NoArm = "no-arm";
    public const string MissingOutcome = "missing-outcome";
    public const string NotANumber = "not-a-number";
    public const string NotYesNo = "not-yes-no";
    public const string NegativeMoney = "negative-money";
    public const string BadPropensity = "bad-propensity";
    public const string BadSplit = "bad-split";
    public const string CustomerInBothArms = "customer-in-both-arms";
    public const string RepeatedCustomer = "repeated-customer";

    public static readonly IReadOnlyList<string> All =
    [
        TooFewFields, TooManyFields, TornLine, BrokenQuotes, BadCharacters, NoArm, MissingOutcome, NotANumber, NotYesNo, NegativeMoney,
        BadPropensity, BadSplit, CustomerInBothArms, RepeatedCustomer,
    ];
}

/// <summary>Something worth knowing that refuses nothing. The code names the text.</summary>
public sealed record ImportWarning(string Code, string Subject, string? Detail = null);
