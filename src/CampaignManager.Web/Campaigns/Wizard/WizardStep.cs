namespace CampaignManager.Web.Campaigns.Wizard;

/// <summary>The editor's steps, in order.</summary>
public enum WizardStep
{
    Type,
    Details,
    Offer,
    Scope,
    Audience,
    Combining,
    Limits,
    Predict,
    Check,
}

/// <summary>What steps are called in addresses, and which fields each one has.</summary>
public static class WizardSteps
{
    public static IReadOnlyList<WizardStep> All { get; } = Enum.GetValues<WizardStep>();

    public static string Key(this WizardStep step) => step.ToString().ToLowerInvariant();

    /// <summary>The step of a key; null when it is none.</summary>
    public static WizardStep? Of(string? key) => All.Cast<WizardStep?>().FirstOrDefault(s => s!.Value.Key() == key);

    /// <summary>The step on which a field of the rules is.</summary>
    public static WizardStep OfField(string path) => path.Split('.', '[')[0] switch
    {
        "name" or "tags" or "note" => WizardStep.Details,
        "currency" or "offer" => WizardStep.Offer,
        "scope" => WizardStep.Scope,
        "audience" or "experiment" => WizardStep.Audience,
        "combining" => WizardStep.Combining,
        _ => WizardStep.Limits,
    };
}
