namespace CampaignManager.Application.Imports;

/// <summary>Form fields beside the mapping, by the names of the API.</summary>
public static class ImportOption
{
    public const string DryRun = "dryRun";
    public const string Template = "template";
    public const string Zone = "zone";
    public const string Currency = "currency";
    public const string Encoding = "encoding";
    public const string Source = "source";
}
