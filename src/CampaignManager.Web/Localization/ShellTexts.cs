namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of shell pages.</summary>
public sealed class ShellTexts;
