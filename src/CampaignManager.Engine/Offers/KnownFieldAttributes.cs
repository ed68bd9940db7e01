namespace CampaignManager.Engine.Offers;

/// <summary>A field of the contract that cannot be used yet: it may be sent while it says what is done anyway, and nothing else.</summary>
/// <param name="name">The field's JSON name.</param>
/// <param name="usual">The JSON of what is done anyway; null will do in any case.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class NotYetAttribute(string name, string usual = "null") : Attribute
{
    /// <summary>The field's JSON name.</summary>
    public string Name => name;

    /// <summary>The JSON of what is done anyway.</summary>
    public string Usual => usual;
}

/// <summary>Fields of another type may be sent back as they were read; what they say is for the server to decide.</summary>
/// <param name="type">The type that is read.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SentBackAttribute(Type type) : Attribute
{
    /// <summary>The type that is read.</summary>
    public Type Type => type;
}

/// <summary>A converter of its own reads the type; what it may look like in JSON is another one.</summary>
/// <param name="shape">That other type.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class WrittenAsAttribute(Type shape) : Attribute
{
    /// <summary>The type whose fields it may have.</summary>
    public Type Shape => shape;
}
