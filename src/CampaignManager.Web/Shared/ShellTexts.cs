namespace CampaignManager.Web.Shared;

/// <summary>Marks the texts of shell pages.</summary>
public sealed class ShellTexts;
