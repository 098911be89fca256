from django.db import migrations, models

from contacts.enums import Standing


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0004_conversations"),
    ]

    operations = [
        migrations.RenameField("need", "profile", "standing"),
        migrations.AlterField("need", "standing", models.CharField(choices=Standing, max_length=20, verbose_name="situation")),
    ]
