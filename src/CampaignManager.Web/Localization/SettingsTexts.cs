namespace CampaignManager.Web.Localization;

/// <summary>Marks the texts of settings pages.</summary>
public sealed class SettingsTexts;
